#!/bin/bash
# Does make notice each change of the migrations, and refuse migrations that do not pass, and each link that lacks
# something? It works on a copy of the sources, so that an edit meanwhile does not matter, and of the objects that are
# built already.
#
#   tests/make.sh BUILD
set -euo pipefail
shopt -s inherit_errexit

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -a Makefile src gen migrations fitsdata.sql "$work/"
mkdir "$work/build"
cp -a "$1/src" "$1/gen" "$1/generated" "$work/build/"
cp -a tests/histories/failures "$work/history"
tool=$work/build/fitsdb-schema

fail() {
	cat "$work/log" >&2
	echo "make: $*" >&2
	exit 1
}

build() {
	make -C "$work" BUILD=build DEVELOPER=1 "$@" >"$work/log" 2>&1
}

# --- migrations: the executable has those that are in the folder ---

# Does it have migration 11, with this text?
expect_11() {
	build MIGRATIONS=history SNAPSHOT= || fail "$1: the build failed"
	if [ "$2" ]; then
		"$tool" show 11 | grep -F "$2" >"$work/log" || fail "$1: migration 11 is not \"$2\""
	elif "$tool" show 11 >"$work/log" 2>&1; then
		fail "$1: there still is a migration 11"
	fi
}

added=$work/history/011_add_more.sql
expect_11 'at first' ''
cp "$work/history/001_add_size.sql" "$added"
expect_11 'a file was added' 'size integer'
sed -i 's/size integer/size bigint/' "$added"
expect_11 'a file was edited' 'size bigint'
mv "$added" "$work/history/011_add_even_more.sql"
expect_11 'a file was renamed' 'size bigint'
before=$(stat -c %y "$tool")
expect_11 'nothing was changed' 'size bigint'
[ "$(stat -c %y "$tool")" = "$before" ] || fail "the second make has built the executable again"
rm "$work/history/011_add_even_more.sql"
expect_11 'a file was deleted' ''

# The next make does not use rests of a failed one.
mv "$work/history/002_add_colours.sql" "$work/history/012_add_colours.sql"
for _ in first second; do
	if build MIGRATIONS=history SNAPSHOT= || ! grep -F 003_add_name_index.sql "$work/log" >/dev/null; then
		fail "a gap in the versions does not fail the build, or is not named"
	fi
done

# Lint judges the effects in SCHEMA.
cp -a tests/histories/lint_bad "$work/lint"
if build MIGRATIONS=lint SNAPSHOT= || ! grep -F 'lint/010_truncate.sql:4: error: truncate: ' "$work/log" >/dev/null; then
	fail "a migration that breaks a lint rule does not fail the build, or is not named"
fi
build MIGRATIONS=lint SNAPSHOT= LINT=no || fail "migrations are judged with LINT=no"
rm "$work/lint/SCHEMA"
build MIGRATIONS=lint SNAPSHOT= || fail "a folder without SCHEMA is judged"
build || fail "the build failed"

# --- the link: it fails if something is missing, and the executable stays as it was ---

expect_refused() {
	local before

	before=$(sha256sum <"$tool")
	if build; then
		fail "$1: the build succeeded"
	fi
	grep -F -- "$2" "$work/log" >/dev/null || fail "$1: make does not say \"$2\""
	[ "$(sha256sum <"$tool")" = "$before" ] || fail "$1: the executable was replaced"
	compgen -G "$work/build/*.new" >/dev/null && fail "$1: a file is left over"
	return 0
}

# One more source in the program: a function that is linked in, as all objects are.
expect_source_refused() {
	printf '#include <netdb.h>\n#include <stdio.h>\nvoid extra(void);\n%s\n' "$3" >"$work/src/base/extra.c"
	expect_refused "$1" "$2"
	rm "$work/src/base/extra.c"
}

mv "$work/src/pg/static_stubs.c" "$work/static_stubs.c"
touch "$work/src/cli/main.c"
expect_refused 'without the stubs' 'undefined reference to `gss_'
mv "$work/static_stubs.c" "$work/src/pg/static_stubs.c"

expect_source_refused 'an undefined function' 'undefined reference to `nowhere'\' \
	'void nowhere(void); void extra(void) { nowhere(); }'
expect_source_refused 'an undefined weak function' 'nowhere has no definition' \
	'void nowhere(void) __attribute__((weak)); void extra(void) { nowhere(); }'
expect_source_refused 'a warning of the linker' 'is dangerous' \
	'void extra(void) { static char name[L_tmpnam]; if (tmpnam(name)) puts(name); }'
expect_source_refused 'a look-up of our own by NSS' "Using 'getaddrinfo' in statically linked" \
	'void extra(void) { struct addrinfo *found; getaddrinfo("a", NULL, NULL, &found); }'
expect_source_refused 'an executable that crashes' 'Illegal instruction' \
	'void extra(void); void __attribute__((constructor)) extra(void) { __builtin_trap(); }'

build || fail "the build failed"
! grep warning "$work/log" >/dev/null || fail "the linker's known warnings are shown"
"$tool" version >"$work/log" 2>&1 || fail "the executable does not run"
echo "make: it notices each change of the migrations, and refuses bad ones, and each link that lacks something"
