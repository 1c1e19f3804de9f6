#!/bin/bash
# Write the next migration, with the markers and a guide in comments; print its name.
#
#   gen/new_migration.sh FOLDER NAME
set -euo pipefail

if [ $# -ne 2 ] || ! [[ $2 =~ ^[a-z][a-z0-9_]*$ ]]; then
	echo "new_migration.sh: the name must be of lower-case letters, digits and _: make migration NAME=add_something" >&2
	exit 1
fi
folder=$1 name=$2
last=$(cd "$folder" && printf '%s\n' [0-9][0-9][0-9]_*.sql | sort | tail -n 1)
for file in "$folder"/[0-9][0-9][0-9]_"$name".sql; do
	if [ -e "$file" ]; then
		echo "new_migration.sh: there is $file already" >&2
		exit 1
	fi
done
number=$(printf '%03d' $((10#${last%%_*} + 1)))
file=$folder/${number}_$name.sql

cat >"$file.new" <<'END'
-- TODO: why, in a sentence or two. Then take out what is not needed of the following.
--
-- A section is one transaction, its version change included. Write what may be repeated where that costs nothing:
-- IF NOT EXISTS, IF EXISTS. Names without a schema are in public. Privileges belong into grants.sql.
-- "-- migrate:up transaction:false" makes each statement commit by itself; each must be safe to repeat. It is for
-- ALTER TYPE ... ADD VALUE, and for CREATE INDEX CONCURRENTLY, which must be alone in its migration.
-- "make" refuses what cannot work; "make check-migration" runs it up, down and up again.

-- migrate:up
-- TODO: ALTER TABLE file ADD COLUMN IF NOT EXISTS note text;

-- migrate:down
-- TODO: ALTER TABLE file DROP COLUMN IF EXISTS note;
-- Where nothing can be undone, a comment in this place says why.
END
mv "$file.new" "$file"
echo "$file"
