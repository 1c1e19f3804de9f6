#!/bin/bash
# Print the schema of the latest version as one script: the result of the migrations in the database that the
# environment names (PGHOST, PGDATABASE). Arguments: schemas that are left out.
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
# used needs no value. PostgreSQL 10 does not have EXECUTE FUNCTION. Lines within strings, quoted names and the bodies of
# functions stay as they are: `quote` is what ends the one that a line begins in.
pg_dump --no-owner --no-privileges --column-inserts --exclude-schema=fitsdb_schema "${@/#/--exclude-schema=}" \
	--exclude-table=public.migrate_version \
	"$PGDATABASE" |
	awk '
	function scan(line, at) {
		while (line != "") {
			if (quote) {
				at = index(line, quote)
				if (!at)
					return
				line = substr(line, at + length(quote))
				quote = ""
			} else if (match(line, /\047|"|\$([A-Za-z_][A-Za-z_0-9]*)?\$|--/)) {
				quote = substr(line, RSTART, RLENGTH)
				line = substr(line, RSTART + RLENGTH)
				if (quote == "--") {
					quote = ""
					return
				}
			} else
				return
		}
	}
	!quote {
		if (/^--/ || /^SET / || /^SELECT pg_catalog.set_config/ || /^\\/ || /setval.*, 1, false\);$/ || ($0 == "" && blank))
			next
		if (/^CREATE .*TRIGGER /)
			sub(/ EXECUTE FUNCTION /, " EXECUTE PROCEDURE ")
	}
	{
		blank = !quote && $0 == ""
		print
		scan($0)
	}'
