#!/bin/bash
# Measure and lint migrations that are written from a database: those that suite "difference" has left in the folders in
# WRITTEN, or else those that "make migration" writes after one change of each kind.
#
#   tests/written.sh BUILD [WRITTEN]    with a server, as tests/throwaway.sh starts it
set -Eeuo pipefail
shopt -s inherit_errexit

work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/build"
cp -a "$1/src" "$1/gen" "$1/generated" "$work/build/"
build=$1 written=${2:-$work}
models="host=$PGHOST user=fitsdata dbname=models"

create() {
	psql -qX -d postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1 OWNER fitsdata"
}

run_make() {
	make MIGRATIONS="$1" BUILD="$work/build" SNAPSHOT= DEVELOPER=1 "${@:2}"
}

# A database with the schema of the latest version, to be changed.
create_models() {
	create models
	"$build/fitsdb-schema" --quiet -d "$models" init
}

# A folder with a copy of migrations: FOLDER TITLE MIGRATIONS.
create_folder() {
	mkdir "$1"
	echo "$2" >"$1/title"
	cp -a "$3" "$1/"
}

# Run a function, and show its output only if it fails: the trap runs while the output is redirected.
logged() {
	trap 'cat "$work/log" >&3; rm -rf "$work"' EXIT
	"$1" 3>&2 >"$work/log" 2>&1
	trap 'rm -rf "$work"' EXIT
}

write_sample() {
	create_folder "$work/sample" 'one change of each kind' migrations
	create_models
	psql -qX -v ON_ERROR_STOP=1 -d "$models" <<-END
		ALTER TABLE header ADD COLUMN note text;
		ALTER TABLE header ADD COLUMN rank integer NOT NULL DEFAULT 7;
		CREATE INDEX ix_header_note ON header (note);
		ALTER TYPE caltype ADD VALUE 'it''s';
		CREATE TYPE mood AS ENUM ('good', 'bad');
		CREATE TABLE remark (id serial PRIMARY KEY, mood mood NOT NULL, header_id integer NOT NULL REFERENCES header);
		CREATE INDEX ix_remark_header_id ON remark (header_id);
		ALTER TABLE preview ADD COLUMN remark_id integer REFERENCES remark;
		ALTER TABLE f2 ALTER COLUMN disperser SET NOT NULL;
		ALTER TABLE f2 ALTER COLUMN filter_name TYPE varchar(20);
		ALTER TABLE gnirs ADD UNIQUE (header_id, disperser);
		ALTER TABLE tape DROP COLUMN label;
		DROP TABLE semester;
		CREATE VIEW sad AS SELECT id FROM remark WHERE mood = 'bad';
		CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
		CREATE TRIGGER stop BEFORE INSERT ON header FOR EACH ROW EXECUTE PROCEDURE stop();
		CREATE VIEW one AS SELECT id FROM remark;
		CREATE VIEW another AS SELECT id FROM one;
		COMMENT ON VIEW another IS 'reads one';
		CREATE TRIGGER stop INSTEAD OF INSERT ON another FOR EACH ROW EXECUTE PROCEDURE stop();
		CREATE TABLE part (a integer, b integer) PARTITION BY RANGE (a);
		CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (1) TO (10) PARTITION BY LIST (b);
		CREATE TABLE part_1_1 PARTITION OF part_1 FOR VALUES IN (1);
		ALTER TABLE preview ENABLE ROW LEVEL SECURITY;
		CREATE POLICY all_rows ON preview USING (true);
		CREATE POLICY own_rows ON preview AS RESTRICTIVE FOR UPDATE USING (diskfile_id > 0);
		CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON header DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW EXECUTE PROCEDURE stop();
		CREATE RULE keep AS ON DELETE TO ingestqueue DO INSTEAD NOTHING;
		CREATE FUNCTION sign(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
	END
	run_make "$work/sample/migrations" migration FROM="$models" >"$work/files" 2>&1
	! grep 'not written' "$work/files" || return 1
}

# After that: a view that another one reads changes, and what is replaced goes. Both views must come back.
write_second() {
	local folder=$work/second

	create_folder "$folder" 'after one change of each kind' "$work/sample/migrations"
	psql -qX -v ON_ERROR_STOP=1 -d "$models" <<-END
		CREATE OR REPLACE VIEW one AS SELECT id, mood FROM remark;
		DROP VIEW sad;
		ALTER TABLE preview DISABLE ROW LEVEL SECURITY;
		DROP POLICY all_rows ON preview;
		DROP POLICY own_rows ON preview;
		DROP RULE keep ON ingestqueue;
		DROP FUNCTION sign(integer);
		CREATE FUNCTION sign(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
	END
	run_make "$folder/migrations" migration FROM="$models" >"$work/files"
	sed -i -e 's/^-- TODO: Bring rule .*/CREATE RULE keep AS ON DELETE TO ingestqueue DO INSTEAD NOTHING;/' \
		-e 's/^-- TODO: Bring view one .*/CREATE VIEW one AS SELECT id FROM remark;/' \
		-e "s/^-- TODO: Bring view sad .*/CREATE VIEW sad AS SELECT id FROM remark WHERE mood = 'bad';/" \
		-e "s/^-- TODO: Bring function .*/CREATE FUNCTION sign(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';/" \
		"$folder"/migrations/[0-9]*.sql
	cat "$folder"/migrations/[0-9]*.sql >"$work/all"
	grep -q '^CREATE VIEW another AS$' "$work/all"
	[ "$(grep -c '^COMMENT ON VIEW another' "$work/all")" = 3 ]
	[ "$(grep -c '^CREATE TRIGGER stop INSTEAD OF' "$work/all")" = 3 ]
}

# A column with an index and a foreign key was renamed: each of the files asks. If the answer is given before, there is
# one file.
write_renamed() {
	local folder=$work/renamed

	create_folder "$folder" 'a renamed column' migrations
	create_models
	psql -qX -v ON_ERROR_STOP=1 -d "$models" -c 'ALTER TABLE gmos RENAME header_id TO head_id' \
		-c 'ALTER INDEX ix_gmos_header_id RENAME TO ix_gmos_head_id'
	run_make "$folder/migrations" migration FROM="$models" RENAMED=yes | grep '^/' >"$work/files"
	[ "$(wc -l <"$work/files")" = 1 ]
	rm "$(<"$work/files")"
	run_make "$folder/migrations" migration FROM="$models" | grep '^/' >"$work/files"
	[ "$(wc -l <"$work/files")" = 5 ]
	while read -r file; do
		grep -q 'TODO: Was column gmos.header_id renamed to head_id?' "$file"
		sed -i -n -e '/^-- If it was renamed/,/^$\|^-- If it was not/{s/^--   //p;d}' -e '/^--  \|^-- If it was not/!p' "$file"
	done <"$work/files"
	cat "$folder"/migrations/*_gmos_head*.sql >"$work/all"
	grep -q '^ALTER TABLE gmos RENAME COLUMN header_id TO head_id;$' "$work/all"
	grep -q '^ALTER INDEX IF EXISTS ix_gmos_header_id RENAME TO ix_gmos_head_id;$' "$work/all"
}

# The rows of a test may contradict a new constraint or type. Then the tables of that migration have none.
measure() {
	local folder=$1 number

	for _ in 1 2 3 4; do
		create "$PGDATABASE"
		! "$work/build/measure/measure" "$folder/SCHEMA" >"$work/measured" 2>&1 || return 0
		number=$(sed -n 's|.*/rows/\([0-9]*\)\.sql, which runs before the migration.*|\1|p' "$work/measured")
		if [ ! "$number" ] || [ -e "$folder/rows/$number.sql" ]; then
			break
		fi
		mkdir -p "$folder/rows"
		sed -nE 's/.* ON ([a-z_0-9]+) \(.*/TRUNCATE \1 CASCADE;/p; s/^\t*ALTER TABLE ([a-z_0-9]+) .*/TRUNCATE \1 CASCADE;/p' \
			"$folder/$number"_*.sql | sort -u >"$folder/rows/$number.sql"
		emptied=$((emptied + 1))
	done
	cat "$work/measured"
	return 1
}

# The migrations of the archive that are sealed are not judged.
seal() {
	(cd "$1" && sha256sum -- [0-9]*.sql) | grep -Fxf migrations/SHA256SUMS >"$1/SHA256SUMS"
}

# The facts of all versions, and what lint says of the new ones.
check() {
	local folder=$1/migrations

	seal "$folder"
	run_make "$folder" "$work/build/measure/measure" && measure "$folder" &&
		"$build/gen/generate" --output="$1/history.c" --build-version=1 --database=d --repository-id=r --repository-path=p \
			--schema="$folder/SCHEMA" "$folder"
}

[ $# -gt 1 ] || logged write_sample
failed=0 count=0 emptied=0

check_all() {
	local title status

	for title in "$@"; do
		count=$((count + 1))
		status=0
		check "${title%/title}" >"$work/log" 2>&1 || status=1
		if [ "$status" != 0 ]; then
			failed=$((failed + 1))
			cat "$title" "$work/log" >&2
		fi
	done
}

check_all "$written"/*/title
if [ $# = 1 ] && [ "$failed" = 0 ]; then
	logged write_second
	logged write_renamed
	check_all "$work/second/title" "$work/renamed/title"
fi
[ "$failed" = 0 ] || exit 1
echo "written: lint accepts the migrations of $count folder(s); $emptied ran without rows"
