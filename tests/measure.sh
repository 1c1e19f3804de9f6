#!/bin/bash
# Test the measuring program on the folder tests/histories/effects: it says what its file SCHEMA says, and refuses a
# migration that fails with rows.
#
#   tests/measure.sh MEASURE [SERVER ...]      the servers as for gen/schema.sh
set -euo pipefail

measure=$1 folder=tests/histories/effects
shift
gen/schema.sh --check "$measure" "$folder" "$@"

# A folder without rows/002.sql.
work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
if gen/schema.sh "$measure" "$work" >/dev/null 2>"$work/err"; then
	echo "measure.sh: a migration that fails with rows was not refused" >&2
	exit 1
fi
for text in 'warning: table square has no rows: ' \
	'error: migration 2 "need_rows" failed: ' '/002_need_rows.sql, line 7, column 1. ' "$work/rows/002.sql"; do
	if ! grep -qF -- "$text" "$work/err"; then
		printf 'measure.sh: it does not say "%s", but:\n' "$text" >&2
		cat "$work/err" >&2
		exit 1
	fi
done
echo "a migration that fails with rows is refused"
