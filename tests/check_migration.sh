#!/bin/bash
# Print the plan of the newest migration, and run it alone, up, down and up again; verify the schema in between.
#
#   tests/throwaway.sh tests/check_migration.sh EXECUTABLE [ROLES]
#
# ROLES is a script that creates the roles which the migrations need.
set -euo pipefail

PATH=$(dirname -- "$(realpath -- "$1")"):$PATH
export PATH PGOPTIONS='-c client_min_messages=warning'
latest=$(fitsdb-schema version --latest)

if [ "$latest" = 0 ]; then
	echo "check_migration.sh: there is no migration but the base" >&2
	exit 1
fi

run() {
	printf '\n$ fitsdb-schema %s\n' "$*"
	fitsdb-schema "$@"
}

[ $# -lt 2 ] || psql -X -q -v ON_ERROR_STOP=1 -d postgres -f "$2"

# The previous version, as its migrations make it.
fitsdb-schema show 0 | PGUSER=fitsdata psql -X -q -v ON_ERROR_STOP=1 >/dev/null
fitsdb-schema stamp 0 --quiet
fitsdb-schema upgrade $((latest - 1)) --quiet

run plan "$latest"
run upgrade "$latest"
run verify
run downgrade $((latest - 1)) --yes
run verify
run upgrade "$latest"
run verify
