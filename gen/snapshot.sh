#!/bin/bash
# Print the schema of the latest version as one script: what the migrations make of an empty database.
#
#   PGHOST=... PGDATABASE=... gen/snapshot.sh EXECUTABLE
#
# EXECUTABLE is a build without a snapshot, so that its init runs the migrations; the database is empty.
set -euo pipefail

executable=$1

"$executable" init --quiet
version=$("$executable" version | sed -n 's/^latest schema version: \([0-9]*\).*/\1/p')
history=$("$executable" version | sed -n 's/^SHA-256 of the history: //p')

cat <<END
-- The schema of database $PGDATABASE, made from the migrations by "make $PGDATABASE.sql"; not to be edited by hand.
--
-- version: $version
-- history: $history
END

# Settings are the session's, not the schema's, and psql's own commands are of no use to a program. A sequence that
# nothing was taken from needs no value.
pg_dump --no-owner --no-privileges --column-inserts --exclude-schema=fitsdb_schema \
	--exclude-table=public.migrate_version \
	"$PGDATABASE" |
	sed -e '/^--/d' -e '/^SET /d' -e '/^SELECT pg_catalog.set_config/d' -e '/^\\/d' -e '/setval.*, 1, false);$/d' |
	cat -s
