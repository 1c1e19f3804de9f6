#!/bin/bash
# Two branches that add migrations: what does make say after a merge, and does it settle its conflicts? It uses the
# objects that are built.
#
#   tests/branches.sh BUILD      with PG_BIN as for tests/throwaway.sh
set -euo pipefail
shopt -s inherit_errexit

work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
own=$work/own
mkdir "$own" "$work/build"
cp -a "$1/src" "$1/gen" "$1/generated" "$work/build/"
export GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1
unset "${!GIT_DIR@}" "${!GIT_WORK_TREE@}" "${!GIT_INDEX_FILE@}"

fail() {
	cat "$work/log" >&2
	echo "branches: $*" >&2
	exit 1
}

# make with the folder; its exit status must be as given, and each text be in what it prints.
expect() {
	local wanted=$1 what=$2 status=0

	shift 2
	# shellcheck disable=SC2086
	make MIGRATIONS="$own" SNAPSHOT="$own/latest" BUILD="$work/build" DEVELOPER=1 $what >"$work/log" 2>&1 || status=$?
	[ "$status" = "$wanted" ] || fail "make $what: exit status $status"
	for text in "$@"; do
		grep -F -- "$text" "$work/log" >/dev/null || fail "make $what does not say \"$text\""
	done
}

git_in() {
	git -C "$own" "$@" >"$work/log" 2>&1
}

commit() {
	git_in add -A || fail 'git add'
	git_in commit -m "$1" || fail 'git commit'
}

# A migration that adds a column, and rows for it.
add_column() {
	cat >"$own/$1_add_$2.sql" <<-END
		-- A column.

		-- migrate:up
		ALTER TABLE item ADD COLUMN IF NOT EXISTS $2 text;

		-- migrate:down
		ALTER TABLE item DROP COLUMN IF EXISTS $2;
	END
	mkdir -p "$own/rows"
	echo "INSERT INTO item (id) SELECT max(id) + 1 FROM item; -- for $2" >"$own/rows/$1.sql"
}

# The files of migrations and rows must be these, with the rows of each column; and all is settled.
expect_files() {
	local what=$1 found

	shift
	found=$(cd "$own" && grep -H -o -e 'COLUMN IF NOT EXISTS [a-z]*' -e 'for [a-z]*$' [0-9]*.sql rows/*.sql |
		sed 's/:.* /:/')
	[ "$found" = "$(printf '%s\n' "$@")" ] || fail "$what: the files are $found"
	! grep -rE '^(<<<<<<<|>>>>>>>) ' "$own" --exclude-dir=.git >"$work/log" || fail "$what: there is a conflict marker"
	expect 0 all
	expect 0 schema 'SCHEMA is up to date' 'latest is up to date'
	[ "$("$work/build/fitsdb-schema" version --latest)" = $(($(grep -c '^version' "$own/SCHEMA") - 1)) ] ||
		fail "$what: the latest version is another one"
}

# Begin the merge or rebase again.
start() {
	git_in merge --abort || git_in rebase --abort || true
	git_in checkout -f -B work note || fail 'git checkout'
	git_in clean -fd || fail 'git clean'
	git_in "$@" && fail "git $*: there is no conflict"
	git_in status || true
	grep 'rows/001.sql' "$work/log" >/dev/null || fail "git $*: rows/001.sql is not in conflict"
}

git config --global user.name tests
git config --global user.email tests@localhost
git -c init.defaultBranch=main init -q "$own"
cat >"$own/000_base.sql" <<-END
	-- The base.

	-- migrate:up
	CREATE TABLE item (id integer PRIMARY KEY);
	CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
	CREATE TRIGGER keep BEFORE UPDATE ON item FOR EACH ROW EXECUTE PROCEDURE keep();

	-- migrate:down
	-- Nothing is before it.
END
(cd "$own" && sha256sum 000_base.sql >SHA256SUMS)
expect 0 schema
commit base
git_in checkout -b note
add_column 001 note
add_column 002 remark
expect 0 schema
commit note
git_in checkout main
add_column 001 size
expect 0 schema
commit size

all=(001_add_size.sql:size 002_add_note.sql:note 003_add_remark.sql:remark rows/001.sql:size rows/002.sql:note
	rows/003.sql:remark)
start merge main
expect 2 all '001_add_note.sql:1: error: number 001 is also used by 001_add_size.sql' \
	'001_add_size.sql:1: error: number 001 is also used by 001_add_note.sql' \
	'hint: Run "make renumber", which gives the next free number to the one that is not in the main branch.' \
	'own/latest:3: error: conflict marker of a merge'
! grep '"-- version: N"' "$work/log" >/dev/null || fail 'it misses what the conflict hides'
expect 2 schema 'number 001 is also used by 001_add_size.sql'
expect 0 renumber '001_add_note.sql is now 002_add_note.sql' '002_add_remark.sql is now 003_add_remark.sql' \
	'"fitsdb-schema downgrade 0"' ': 2 of 4 versions were measured'
expect_files 'merge' "${all[@]}"
commit 'merge'
expect 0 renumber 'no migration of this branch needs another number' 'SCHEMA is up to date'

start rebase main
expect 0 renumber 'the migrations of main keep their numbers' '001_add_note.sql is now 002_add_note.sql'
expect_files 'rebase' "${all[@]}"

# Of the local main branch and the fetched one, the newer one counts: here the local one, then the fetched one.
git_in update-ref refs/remotes/origin/main "$(git -C "$own" rev-parse main^)"
start merge main
expect 0 renumber 'the migrations of main keep their numbers' '001_add_note.sql is now 002_add_note.sql'
expect_files 'a newer main' "${all[@]}"
git_in merge --abort
git_in clean -fd
git_in checkout -f main
git_in update-ref refs/remotes/origin/main main
git_in reset --hard main^
start merge origin/main
expect 0 renumber 'the migrations of origin/main keep their numbers' '001_add_note.sql is now 002_add_note.sql'
expect_files 'a newer origin/main' "${all[@]}"
# Migrations were committed to the local main branch: the fetched ones keep their numbers.
git_in merge --abort
git_in checkout -f -B main note
git_in clean -fd
git_in merge origin/main && fail 'there is no conflict with origin/main'
expect 0 renumber 'the migrations of origin/main keep their numbers' '001_add_note.sql is now 002_add_note.sql'
expect_files 'a pull' "${all[@]}"
commit pulled
expect 0 renumber 'the migrations of origin/main keep their numbers' 'no migration of this branch needs another number'
git_in checkout -f -B main origin/main
git_in update-ref -d refs/remotes/origin/main

# On the main branch, and with a sealed one.
start merge main
git_in merge --abort
git_in checkout -f -B released main
(cd "$own" && sha256sum 00*.sql >SHA256SUMS)
commit sealed
git_in merge note && fail 'there is no conflict with a sealed one'
expect 2 all '001_add_note.sql:1: error: number 001 is that of the sealed migration 001_add_size.sql' \
	'hint: Run "make renumber", which gives this file the next free number.'
! grep '001_add_size.sql:' "$work/log" >/dev/null || fail 'the sealed one is blamed'
expect 0 'renumber BASE=released' '001_add_note.sql is now 002_add_note.sql'
expect_files 'into the main branch' "${all[@]}"
expect 2 'renumber BASE=nowhere' 'there is no branch or commit "nowhere"'
GIT_TEST_ASSUME_DIFFERENT_OWNER=1 expect 2 renumber 'error: fatal: detected dubious ownership'

# Without git the order is that of the names.
rm -rf "$own/.git" "$own/SHA256SUMS"
mv "$own/002_add_note.sql" "$own/001_add_note.sql"
expect 0 renumber '001_add_size.sql is now 002_add_size.sql'
mv "$own/002_add_size.sql" "$own/001_add_size.sql"
mv "$own/001_add_note.sql" "$own/002_add_note.sql"

# SCHEMA alone: a conflict, versions that are not there, and those that are missing.
expect 0 schema
cp "$own/SCHEMA" "$work/schema"
line=$(grep -n '^version 2 ' "$work/schema" | cut -d: -f1)
{
	head -n $((line - 1)) "$work/schema"
	echo '<<<<<<< HEAD'
	tail -n +"$line" "$work/schema"
	echo '======='
	tail -n +"$line" "$work/schema" | sed 's/note/size/'
	echo '>>>>>>> size'
} >"$own/SCHEMA"
expect 2 all "own/SCHEMA:$line: error: conflict marker of a merge" 'run "make schema"'
expect 0 schema ': 2 of 4 versions were measured'
cmp "$own/SCHEMA" "$work/schema" || fail 'a conflict is not settled'
head -n $((line - 1)) "$work/schema" >"$own/SCHEMA"
expect 2 all "own/SCHEMA:$line: error: the schema of version 2 is missing" 'hint: Run "make schema"'
expect 0 schema ': 2 of 4 versions were measured'
cmp "$own/SCHEMA" "$work/schema" || fail 'missing versions are not added'
rm "$own/003_add_remark.sql"
line=$(grep -n '^version 3 ' "$work/schema" | cut -d: -f1)
expect 2 'all SNAPSHOT=' "own/SCHEMA:$line: error: there is no migration 3" 'hint: Run "make schema"'
expect 0 schema ': 0 of 3 versions were measured'
expect 0 all
echo 'branches: make says what a merge needs, and settles it'
