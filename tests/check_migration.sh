#!/bin/bash
# Run each migration that is not sealed up, down and up again, in a database whose tables have rows; the newest one, if
# all are sealed. After the down the schema must be as before the up, and after the second up as after the first.
#
#   tests/throwaway.sh tests/check_migration.sh BUILD FOLDER
#
# BUILD has the programs that were made of the migrations in FOLDER. FOLDER/roles.sql creates the roles that they need.
# The rows are those of "make schema": generated ones in each empty table, and those of FOLDER/rows/NNN.sql.
set -euo pipefail
shopt -s inherit_errexit

build=$1 folder=${2%/}
PATH=$(realpath -- "$build"):$PATH
export PATH PGOPTIONS='-c client_min_messages=warning'
work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
latest=$(fitsdb-schema version --latest)

# fail MESSAGE [HINT]
fail() {
	echo "check_migration.sh: error: $1" >&2
	[ ! "${2:-}" ] || echo "check_migration.sh: hint: $2" >&2
	exit 1
}

# The variable hint is for a failure.
run() {
	printf '\n$ fitsdb-schema %s\n' "$*"
	fitsdb-schema "$@" || fail "migration $version: \"fitsdb-schema $*\" ended with exit status $?" "${hint:-}"
}

file_of() {
	echo "$folder/$(printf %03d "$1")_"*.sql
}

# The lowest version whose file is not in SHA256SUMS; nothing if all are.
first_unsealed() {
	local version file

	for ((version = 1; version <= latest; version++)); do
		file=$(file_of "$version")
		if ! grep -q "^[0-9a-f]*[ *]*${file##*/}"$'\r*$' "$folder/SHA256SUMS" 2>/dev/null; then
			echo "$version"
			return
		fi
	done
}

# The facts of the database. The place of a column or an enum value is not compared: a down cannot restore it.
facts() {
	"$build/measure/measure" --facts "dbname=$PGDATABASE" | sed 's/\tafter: [^\t]*$//'
}

# compare down|up BEFORE AFTER: fail if the facts differ. Enum values remain after a down, and what its file explains.
compare() {
	local differences

	differences=$(diff "$2" "$3" | sed -n 's/^< /missing: /p; s/^> /left: /p') || true
	[ "$differences" ] || return 0
	if [ "$1" = down ] && { states_reason || ! grep -qv '^left: label ' <<<"$differences"; }; then
		printf 'note: the down section of migration %s does not revert this:\n%s\n' "$version" "$differences"
		return
	fi
	printf '%s\n' "$differences" >&2
	[ "$1" = down ] || fail "migration $version: the schema after the second up is not that after the first" \
		"Write the up section of $file so that it does the same whatever the down section leaves."
	fail "migration $version: the schema after the down is not that before the up" \
		"Revert it in the down section of $file. What is only left may remain if a comment there explains why."
}

# Has the down section a comment that is more than a directive?
states_reason() {
	sed '1,/^-- migrate:down/d' "$file" | grep -v -e '-- lint:allow' -e '-- migrate:' -e TODO |
		grep -q '^[[:blank:]]*--[[:blank:]]*[[:alpha:]]'
}

# Put rows into each empty table; tables that stay empty are named once.
fill() {
	local own

	own=$folder/rows/$(printf %03d "$version").sql
	[ -f "$own" ] || own=
	psql -qXAt -v ON_ERROR_STOP=1 -c 'SET search_path = public' -f gen/measure/rows.sql \
		-c 'SELECT pg_temp.fill_all(4, true)' ${own:+-f "$own"} -c ANALYZE >"$work/empty"
	touch "$work/named"
	grep -vxF -f "$work/named" "$work/empty" | sed 's/^[^:]*/warning: table & has no rows/' || true
	cp "$work/empty" "$work/named"
	echo "rows: in each table${own:+, and those of $own}"
}

# What make schema has recorded, and what lint was told to allow.
report() {
	printf '\n--- %s\n' "$file"
	if [ -f "$folder/SCHEMA" ]; then
		awk -v version="$version" '$1 == "version" { found = $2 == version; next }
			found && !/^([-+~!]|$|down [0-9]|measured|checksum )/' "$folder/SCHEMA"
	fi
	grep -n -e '-- lint:allow' "$file" | sed 's/:[[:blank:]]*-- lint:allow/: allowed:/; s/^/line /' || true
	grep -n -e '--[[:blank:]]*TODO' "$file" | sed 's/^\([0-9]*\):.*/line \1: TODO: "make seal" will refuse it/' || true
}

# The two sections of one migration, in a database at the version before.
check_one() {
	report
	fill
	facts >"$work/before"
	run_informed plan "$version"
	run upgrade "$version" --yes
	facts >"$work/after"
	run_informed verify
	run downgrade $((version - 1)) --yes
	facts >"$work/reverted"
	compare down "$work/before" "$work/reverted"
	hint="The software of that version needs its schema: restore it in the down section of $file." run_informed verify
	run upgrade "$version" --yes
	facts >"$work/again"
	run_informed verify
	compare up "$work/after" "$work/again"
}

# Without SCHEMA it is not known what there should be.
run_informed() {
	[ ! -f "$folder/SCHEMA" ] || run "$@"
}

if [ "$latest" = 0 ]; then
	fail "there is no migration but the base" "\"make migration NAME=...\" writes the file of the first one."
fi
first=$(first_unsealed)
if [ ! "$first" ]; then
	first=$latest
	echo "All migrations are sealed; the newest one is run."
elif [ "$first" -lt "$latest" ]; then
	echo "Migrations $first to $latest are run: $first is not sealed."
else
	echo "Migration $first is run: it is not sealed."
fi
if [ -f "$folder/SCHEMA" ]; then
	"$build/gen/generate" --output="$work/history.c" --build-version=0 --database=none --repository-id=none \
		--repository-path=none --schema="$folder/SCHEMA" "$folder" ||
		fail "lint has findings, or the files are not those of SCHEMA"
	echo "lint: no findings"
else
	echo "warning: there is no $folder/SCHEMA: lint does not judge, and nothing is verified. \"make schema\" writes it."
fi

# The version before, as its migrations make it.
[ ! -f "$folder/roles.sql" ] || psql -X -q -v ON_ERROR_STOP=1 -d postgres -f "$folder/roles.sql"
fitsdb-schema show 0 | PGUSER=fitsdata psql -X -q -v ON_ERROR_STOP=1 >/dev/null
fitsdb-schema stamp 0 --quiet
fitsdb-schema upgrade $((first - 1)) --quiet

for ((version = first; version <= latest; version++)); do
	file=$(file_of "$version")
	check_one
done
if [ "$first" -lt "$latest" ]; then
	printf '\n--- all of them\n'
	version="$first to $latest"
	run downgrade $((first - 1)) --yes
	run_informed verify
	run upgrade "$latest" --yes
	run_informed verify
fi
