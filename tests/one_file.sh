#!/bin/bash
# Is the file of a new migration the only one to be edited? In a copy of the tree, with what is built: make migration, a
# column, make schema docs; then the checks that compare with the latest version. CHANGE=FILE: another up and down, which
# are the sections of that file. SUITES: the end-to-end suites to run.
#
#   tests/one_file.sh BUILD      with PG_BIN as for tests/throwaway.sh
set -euo pipefail

suites=${SUITES:-schema_versions verify}
work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp -a Makefile README.md docs fitsdata.sql gen migrations src tests "$work/"
mkdir "$work/build"
cp -a "$1"/{src,gen,generated,tests,histories,measure} "$1"/*-tests "$1/fitsdb-schema" "$work/build/"

fail() {
	cat "$work/log" >&2
	echo "one_file: $*" >&2
	exit 1
}

run() {
	make -C "$work" BUILD=build DEVELOPER=1 "$@" >"$work/log" 2>&1 || fail "make $*: exit status $?"
}

change=${CHANGE:-$work/change.sql}
[ "${CHANGE:-}" ] || cat >"$change" <<-END
	-- Operators add a remark to a file.

	-- migrate:up
	ALTER TABLE file ADD COLUMN IF NOT EXISTS note text;

	-- migrate:down
	ALTER TABLE file DROP COLUMN IF EXISTS note;
END
run migration NAME=add_file_note
file=$(ls "$work"/migrations/*_add_file_note.sql)
cat "$change" >"$file"
run schema docs
# Once more, which compares, and changes nothing.
before=$(cd "$work" && sha256sum migrations/SCHEMA fitsdata.sql README.md docs/*.md docs/schema.svg)
run schema
[ "$before" = "$(cd "$work" && sha256sum migrations/SCHEMA fitsdata.sql README.md docs/*.md docs/schema.svg)" ] ||
	fail "a second make schema changes files"
run tests
run check-unit
number=$(basename "$file")
STEPS_FROM=${number%%_*} run check-e2e suites="$suites"
echo "one_file: a new migration is one file"
