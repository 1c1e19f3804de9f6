#!/bin/bash
# Checks that the pages are true of the tree: each relative link leads to a file (and to a heading of it), each path in
# backticks exists, each function() that docs/design.md and docs/contributing.md name is defined, each make target is one
# of the Makefile's, and each suite that docs/contributing.md and docs/testing.md name is in a list of tests/rules.mk (or
# is a unit suite). And each end-to-end suite is in such a list.
#
#   tests/pages.sh
#
# The backticks below are those of the pages, not the shell's.
# shellcheck disable=SC2016
set -euo pipefail
cd "$(dirname "$0")/.."

pages=(README.md docs/*.md docs/lint/*.md docs/deploy/*.md docs/deploy/ansible/roles/*/*.md)
faults=0

fault() {
	echo "pages: $*" >&2
	faults=$((faults + 1))
}

# The anchors of a page's headings, as GitHub makes them.
anchors() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9_ -]//g; s/ /-/g'
}

check_links() {
	local page=$1 link file anchor

	while read -r link; do
		file=${link%%#*} anchor=''
		[[ $link != *#* ]] || anchor=${link#*#}
		file=${file:+$(dirname "$page")/$file}
		if [ ! -e "${file:-$page}" ]; then
			fault "$page: there is no $link"
		elif [ "$anchor" ] && ! grep -qxF -- "$anchor" <(anchors "${file:-$page}"); then
			fault "$page: there is no heading $link"
		fi
	done < <(grep -oE '\]\([^)]+\)' "$page" | sed 's/^](//; s/)$//' | grep -vE '^https?:' || true)
}

# Words with upper-case letters stand for something else: NNN_name.sql, cmd_NAME.c.
check_paths() {
	local page=$1 path

	while read -r path; do
		[ -e "$path" ] || fault "$page: there is no $path"
	done < <(grep -oE '`(src|tests|gen|docs|migrations|\.ci)/[a-z0-9_./-]*`' "$page" | tr -d '`' || true)
}

check_functions() {
	local page=$1 name

	while read -r name; do
		grep -qE "^$name\(|[ *]$name\(" src/*/*.h src/*/*.c || fault "$page: there is no function $name()"
	done < <(grep -oE '`[a-z0-9_]+\(\)`' "$page" | tr -d '`()' | sort -u || true)
}

check_targets() {
	local page=$1 target

	while read -r target; do
		grep -qE "^([^#:]* )?$target( [^:]*)?:([^=]|$)" Makefile ./*/*.mk 2>/dev/null ||
			fault "$page: there is no target $target"
	done < <(grep -oE '`make [^`]*`|^    (CK[A-Z_]*=[^ ]* )?make [^#]*' "$page" | tr -d '`' |
		sed "s/.*make //; s/'[^']*'//g" | tr ' ' '\n' | grep -E '^[a-z][a-z.-]+$' | sort -u || true)
}

# No target would run a suite that tests/rules.mk does not name.
check_all_suites() {
	local name

	while read -r name; do
		grep -qw "$name" tests/rules.mk || fault "tests/e2e/main.c: no list of tests/rules.mk has suite $name"
	done < <(sed -n 's/^\t{"\([a-z0-9_]*\)", [a-z0-9_]*_suite},$/\1/p' tests/e2e/main.c)
}

# Suites are the values of suites=... and of other lists of suites, and the names after the word "suite".
check_suites() {
	local page=$1 name listed

	listed=$(sed -n '/^[a-z]*_*suites = /,/[^\\]$/p' tests/rules.mk | sed 's/^[a-z_]* = //; s/\$([a-z_]*)//g' |
		tr -cs 'a-z0-9_' '\n')
	while read -r name; do
		grep -qxF -- "$name" <<<"$listed" || fault "$page: tests/rules.mk has no suite $name"
	done < <(grep -oE "suites=('[^']*'|[a-z0-9_]+)" "$page" | sed "s/^suites=//" | tr -d "'" | tr ' ' '\n' | sort -u || true)
	while read -r name; do
		grep -qxF -- "$name" <<<"$listed" || grep -rqF "suite_create(\"$name\")" tests/unit ||
			fault "$page: there is no suite $name"
	done < <(grep -oE '[Ss]uite `[a-z0-9_]+`|CK_RUN_SUITE=[a-z0-9_]+' "$page" | sed 's/CK_RUN_SUITE=//; s/.* //' |
		tr -d '`' | sort -u || true)
}

for page in "${pages[@]}"; do
	check_links "$page"
	check_paths "$page"
	check_targets "$page"
done
check_functions docs/design.md
check_functions docs/contributing.md
check_all_suites
check_suites docs/contributing.md
check_suites docs/testing.md
[ "$(wc -l <README.md)" -lt 180 ] || fault "README.md has 180 lines or more"
[ "$faults" = 0 ] || exit 1
echo "pages: links, paths, functions, suites and targets of ${#pages[@]} pages are there"
