#!/bin/bash
# What do the targets of make that run migrations say about a folder with faults? It uses the objects that are built.
#
#   tests/own_folder.sh BUILD      with PG_BIN as for tests/throwaway.sh
set -euo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/own" "$work/build"
cp -a "$1/src" "$1/gen" "$1/generated" "$work/build/"

fail() {
	cat "$work/log" >&2
	echo "own_folder: $*" >&2
	exit 1
}

# make with the folder; its exit status must be as given, and each text be in what it prints.
expect() {
	local wanted=$1 what=$2 status=0

	shift 2
	# shellcheck disable=SC2086
	make MIGRATIONS="$work/own" BUILD="$work/build" DEVELOPER=1 $what >"$work/log" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || fail "make $what: exit status $status"
	for text in "$@"; do
		grep -F -- "$text" "$work/log" >/dev/null || fail "make $what does not say \"$text\""
	done
}

cat >"$work/own/000_base.sql" <<-END
	-- The base.

	-- migrate:up
	CREATE TABLE item (id integer PRIMARY KEY);
	GRANT SELECT ON item TO reporter;

	-- migrate:down
	-- Nothing is before it.
END
cat >"$work/own/001_add_view.sql" <<-END
	-- A view.

	-- migrate:up
	ALTER TABLE item ADD COLUMN name text;
	CREATE VIEW named AS SELECT name FROM item;

	-- migrate:down
	SELECT 1;
	ALTER TABLE item DROP COLUMN name;
END
cat >"$work/own/002_add_note.sql" <<-END
	-- A note.

	-- migrate:up
	ALTER TABLE item ADD COLUMN IF NOT EXISTS note text;

	-- migrate:down
	SELECT 1;
END

expect 2 schema 'role "reporter" does not exist' 'hint: All databases of a server share the roles. Create the role first'
! grep -F 'verify' "$work/log" >/dev/null || fail 'it names the database that is gone'
echo 'CREATE ROLE reporter;' >"$work/own/roles.sql"
expect 0 schema 'the down of migration 1 fails' 'own/001_add_view.sql, line 9: cannot drop column name of table item' \
	'the down of migration 2 reverts nothing' 'own/002_add_note.sql, line 7: '
expect 0 check-migration 'note: column note belongs to a later version'
expect 2 seal 'SCHEMA:6: error: it is not known how all servers print this'
expect 2 'schema SERVERS=al' 'SERVERS can only be "all"'
echo 'ignore table item: it is mine' >"$work/own/SETTINGS"
expect 2 all 'SETTINGS:1: error: this would ignore table item of the schema'
echo 'own_folder: make says what is wrong'
