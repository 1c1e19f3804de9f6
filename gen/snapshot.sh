#!/bin/bash
# Print the schema of the latest version as one script: the result of the migrations in an empty database.
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
-- The schema of database $PGDATABASE, generated from the migrations by "make $PGDATABASE.sql". Do not edit.
--
-- version: $version
-- history: $history
END

# Settings belong to the session, not to the schema, and psql's meta-commands are not SQL. A sequence that has not been
# used needs no value.
pg_dump --no-owner --no-privileges --column-inserts --exclude-schema=fitsdb_schema \
	--exclude-table=public.migrate_version \
	"$PGDATABASE" |
	sed -e '/^--/d' -e '/^SET /d' -e '/^SELECT pg_catalog.set_config/d' -e '/^\\/d' -e '/setval.*, 1, false);$/d' |
	cat -s
