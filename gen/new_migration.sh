#!/bin/bash
# Create the file of the next migration, with its markers and a guide in comments, and print its name.
#
#   gen/new_migration.sh FOLDER NAME
set -euo pipefail

if [ $# -ne 2 ] || ! [[ $2 =~ ^[a-z][a-z0-9_]*$ ]]; then
	echo "new_migration.sh: invalid name: use lower-case letters, digits and underscores, and begin with a letter," \
		"for example: make migration NAME=add_something" >&2
	exit 1
fi
folder=$1 name=$2
if [ ! -d "$folder" ]; then
	echo "new_migration.sh: there is no folder $folder: create it first" >&2
	exit 1
fi
# In a folder without migrations this one is the base.
last=$(cd "$folder" && printf '%s\n' [0-9]*_*.sql | sort -n | tail -n 1)
number=000
[[ ! $last =~ ^[0-9]+_ ]] || number=$(printf '%03d' $((10#${last%%_*} + 1)))
for file in "$folder"/[0-9]*[0-9]_"$name".sql; do
	if [ -e "$file" ]; then
		echo "new_migration.sh: $file already exists: choose another name" >&2
		exit 1
	fi
done
file=$folder/${number}_$name.sql

cat >"$file.new" <<'END'
-- TODO: Say in one or two sentences why this migration is needed. Then remove this guide.
--
-- A section and its version change are one transaction. Write statements that can be repeated, if possible: with
-- IF NOT EXISTS or IF EXISTS. Names without a schema refer to public. Write privileges in grants.sql.
-- In a section "-- migrate:up transaction:false" each statement is a transaction of its own, and must be repeatable.
-- ALTER TYPE ... ADD VALUE needs it, and CREATE INDEX CONCURRENTLY, which must be the only statement of its migration.
-- "make schema" checks the file, and measures what it does; "make check-migration" runs it up, down and up again.

-- migrate:up
-- TODO: ALTER TABLE file ADD COLUMN IF NOT EXISTS note text;

-- migrate:down
-- TODO: ALTER TABLE file DROP COLUMN IF EXISTS note;
-- If nothing can be reverted, write a comment here that explains why.
END
mv "$file.new" "$file"
echo "$file"
