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

archive=(fitsdata.sql README.md docs/*.md docs/schema.svg migrations/SCHEMA)
archive_before=$(sha256sum "${archive[@]}")

expect 2 'migration NAME=base MIGRATIONS=/nowhere' 'there is no folder /nowhere: create it first'
expect 0 'migration NAME=base' 'own/000_base.sql'
expect 0 'migration NAME=add_view' 'own/001_add_view.sql'
expect 2 'migration NAME=add_view' 'own/001_add_view.sql already exists: choose another name'
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

expect 2 schema 'role "reporter" does not exist' 'hint: Create the role first'
! grep -F 'verify' "$work/log" >/dev/null || fail 'it names the database that is gone'
echo 'CREATE ROLE reporter;' >"$work/own/roles.sql"
expect 0 schema 'the down section of migration 1 fails' \
	'own/001_add_view.sql, line 9: cannot drop column name of table item' \
	'the down section of migration 2 reverts nothing' 'own/002_add_note.sql, line 7: '
expect 0 docs "$work/own/schema.svg was written"
expect 0 docs "$work/own/schema.svg is up to date"
sed -i 's/note text/remark text/' "$work/own/002_add_note.sql"
before=$(sha256sum "$work/own/schema.svg")
mkdir "$work/bin"
printf '#!/bin/sh\necho half; exit 1\n' >"$work/bin/dot"
chmod +x "$work/bin/dot"
PATH=$work/bin:$PATH expect 2 'schema docs'
[ "$(sha256sum "$work/own/schema.svg")" = "$before" ] || fail 'a picture that could not be drawn replaces the old one'
[ ! -e "$work/own/schema.svg.new" ] || fail 'a part of a picture is left'
sed -i 's/remark text/note text/' "$work/own/002_add_note.sql"
expect 0 schema

# check-migration: the migrations that are not sealed, with rows.
expect 2 check-migration 'Migrations 1 to 2 are run: 1 is not sealed.' 'lint: no findings' 'needs table item' \
	'rows: in each table' 'upgrade 1 --yes' 'own/001_add_view.sql, line 9' \
	'error: migration 1: "fitsdb-schema downgrade 0 --yes" ended with exit status 2'
sed -i 's/^SELECT 1;/DROP VIEW named;/' "$work/own/001_add_view.sql"
expect 0 schema
expect 2 check-migration 'left: column item.note	text' \
	'error: migration 2: the schema after the down is not that before the up' \
	'hint: Revert it in the down section of' 'own/002_add_note.sql. What is only left may remain if a comment there'
# A table whose rows make it fail, or are needed: rows/002.sql.
sed -i -e 's/^SELECT 1;/-- Notes are kept.\n&/' -e 's/^ALTER/SELECT 1 \/ (count(*) - 4) FROM item; -- TODO\n&/' \
	"$work/own/002_add_note.sql"
mkdir "$work/own/rows"
echo 'INSERT INTO item VALUES (77);' >"$work/own/rows/002.sql"
expect 0 schema
expect 0 check-migration 'and those of' 'own/rows/002.sql' 'line 4: TODO: "make seal" will refuse it' \
	'note: the down section of migration 2 does not revert this:' 'note: column note belongs to a later version' \
	'2  add_note (down)' '--- all of them' 'downgrade 0 --yes'
# A schema that is not that of the version before has no excuse.
cp "$work/own/001_add_view.sql" "$work/001.good"
sed -e 's/^DROP VIEW named;/-- All goes.\nDROP VIEW named;/; s/^ALTER TABLE item DROP.*/DROP TABLE item CASCADE;/' \
	"$work/001.good" >"$work/own/001_add_view.sql"
expect 0 schema
expect 2 check-migration 'left: column item.name' 'column name is not part of version 0' \
	'hint: The software of that version needs its schema: restore it in the down section of' 'own/001_add_view.sql.'
mv "$work/001.good" "$work/own/001_add_view.sql"
expect 0 schema
expect 2 seal 'own/002_add_note.sql:4: error: the migration contains a TODO'
(cd "$work/own" && sha256sum 000_*.sql 001_*.sql >SHA256SUMS)
expect 0 check-migration 'Migration 2 is run: it is not sealed.'
! grep -F 'add_view.sql' "$work/log" >/dev/null || fail 'check-migration runs a sealed migration'
expect 2 seal 'SCHEMA:6: error: it is not known how all servers print this'
expect 2 'schema SERVERS=al' 'SERVERS can only be "all"'
# The lines may end as in a checkout on Windows.
(cd "$work/own" && sha256sum 00*.sql | sed 's/$/\r/' >SHA256SUMS)
expect 0 check-migration 'All migrations are sealed; the newest one is run.' '$ fitsdb-schema plan 2'
echo 'ignore table item: it is mine' >"$work/own/SETTINGS"
expect 2 all 'SETTINGS:1: error: this would ignore table item of the schema'
rm "$work/own/SETTINGS"

# Without SCHEMA; and where the second up does otherwise than the first.
rm "$work/own/SCHEMA" "$work/own/SHA256SUMS"
expect 0 check-migration 'own/SCHEMA: lint does not judge, and nothing is verified' 'left: column item.note'
cat >>"$work/own/002_add_note.sql" <<-END
	CREATE TABLE IF NOT EXISTS reverted (id integer);
	DROP VIEW IF EXISTS once;
END
cat >"$work/once" <<-'BLOCK'
	DO $$ BEGIN
		IF to_regclass('reverted') IS NULL THEN CREATE VIEW once AS SELECT 1 AS n; END IF;
	END $$;
BLOCK
sed -i "/^ALTER/r $work/once" "$work/own/002_add_note.sql"
expect 2 check-migration 'left: table reverted' 'missing: view once' \
	'error: migration 2: the schema after the second up is not that after the first'
[ "$(sha256sum "${archive[@]}")" = "$archive_before" ] || fail "make has changed the archive's own files"
echo 'own_folder: make says what is wrong'
