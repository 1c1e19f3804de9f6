#!/bin/bash
# Bring SCHEMA in a folder of migrations up to date with what throwaway servers do, or check it.
#
#   gen/schema.sh MEASURE FOLDER [SERVER ...]             write FOLDER/SCHEMA
#   gen/schema.sh --check MEASURE FOLDER [SERVER ...]     compare, and write nothing
#
# MEASURE is the program build/measure/measure for that folder. The servers are those of tests/servers.sh, and "debian",
# the default, for the one in PG_BIN. FOLDER/roles.sql, if there is one, creates the roles that the migrations need.
#
# With SNAPSHOT=FILE the latest schema in one script is written to that file. MEASURE_ALL=1: versions that have not
# changed are measured, too.
set -euo pipefail

# The latest schema as a script. Scripts that were tried and rolled back have advanced sequences, so that a database is
# needed in which nothing was tried: now all versions are measured.
write_snapshot() {
	local excluded

	if [ "$3" != unchanged ]; then
		psql -qX -d postgres -c "DROP DATABASE $PGDATABASE" -c "CREATE DATABASE $PGDATABASE OWNER fitsdata"
		"$1" "$2/SCHEMA" >/dev/null
	fi
	# What SETTINGS ignores from some version on is not part of the schema.
	mapfile -t excluded < <(sed -n 's/^ignore from [0-9]* schema \([a-z_]*\): .*/\1/p' "$2/SETTINGS" 2>/dev/null)
	gen/snapshot.sh "${excluded[@]}" >"$snapshot.new" || { rm "$snapshot.new"; exit 1; }
	if cmp -s "$snapshot.new" "$snapshot"; then
		rm "$snapshot.new"
		echo "$snapshot is up to date"
	else
		mv "$snapshot.new" "$snapshot"
		echo "$snapshot was written"
	fi
}

# With a server: the environment names its empty database.
if [ "${1:-}" = --here ]; then
	options=$2 measure=$3 folder=$4 snapshot=$5
	[ ! -f "$folder/roles.sql" ] || psql -qX -v ON_ERROR_STOP=1 -f "$folder/roles.sql"
	before=$([ ! -f "$folder/SCHEMA" ] || cksum <"$folder/SCHEMA")
	"$measure" ${options:+"$options"} "$folder/SCHEMA"
	after=$(cksum <"$folder/SCHEMA")
	if [ "$snapshot" ]; then
		changed=changed
		[ "$before" != "$after" ] || [ "$options" ] || changed=unchanged
		write_snapshot "$measure" "$folder" "$changed"
	fi
	exit 0
fi

options=${MEASURE_ALL:+--all}
if [ "$1" = --check ]; then
	options=--check
	shift
fi
measure=$1 folder=$2
shift 2
[ $# -gt 0 ] || set -- debian

failed=0
for server in "$@"; do
	printf 'PostgreSQL %s: ' "$server"
	run=(tests/throwaway.sh "$0" --here "$options" "$measure" "$folder")
	if [ "$server" = debian ]; then
		"${run[@]}" "${SNAPSHOT:-}" || failed=1
	else
		tests/servers.sh run "$server" "${run[@]}" "" || failed=1
	fi
	[ "$failed" = 0 ] || [ "$options" = --check ] || exit 1
done
exit "$failed"
