#!/bin/bash
# Print the schema of the latest version as one script: the result of the migrations in the database that the
# environment names (PGHOST, PGDATABASE).
set -euo pipefail

version=$(psql -XAt -c 'SELECT version FROM fitsdb_schema.standing')
history=$(psql -XAt -c 'SELECT history FROM fitsdb_schema.standing')

cat <<END
-- The schema of database $PGDATABASE, generated from the migrations by "make schema". Do not edit.
--
-- version: $version
-- history: $history
END

# Settings belong to the session, not to the schema, and psql's meta-commands are not SQL. A sequence that has not been
# used needs no value. PostgreSQL 10 does not have EXECUTE FUNCTION.
pg_dump --no-owner --no-privileges --column-inserts --exclude-schema=fitsdb_schema \
	--exclude-table=public.migrate_version \
	"$PGDATABASE" |
	sed -e '/^CREATE .*TRIGGER /s/ EXECUTE FUNCTION / EXECUTE PROCEDURE /' -e '/^--/d' -e '/^SET /d' \
		-e '/^SELECT pg_catalog.set_config/d' -e '/^\\/d' -e '/setval.*, 1, false);$/d' |
	cat -s
