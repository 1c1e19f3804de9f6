#!/bin/bash
# Does tests/layers.sh notice? In a small tree that obeys its rules, each rule is broken once, and the file, the line
# and the rule must be printed.
#
#   CC=COMPILER tests/layers_broken.sh
set -euo pipefail
shopt -s inherit_errexit

check=$PWD/tests/layers.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A small program in four rooms that obeys the rules.
make_tree() {
	rm -rf "$work/tree"
	mkdir -p "$work"/tree/src/{base,pg,migrate,cli}
	cd "$work/tree"
	cat >src/LAYERS <<-'END'
		base:
		pg: base
		migrate: base pg
		cli: base pg migrate
	END
	echo 'int text_length(const char *text);' >src/base/text.h
	printf '%s\n' '#include "base/text.h"' '#include <string.h>' \
		'int text_length(const char *text) { return (int) strlen(text); }' >src/base/text.c
	printf '%s\n' '#include <libpq-fe.h>' 'int server_version(PGconn *conn);' >src/pg/server.h
	printf '%s\n' '#include "pg/server.h"' '#include "base/text.h"' \
		'int server_version(PGconn *conn) { return text_length(conn); }' >src/pg/server.c
	echo 'int migrate_run(int version);' >src/migrate/run.h
	printf '%s\n' '#include "migrate/run.h"' '#include "base/text.h"' \
		'int migrate_run(int version) { return text_length("") + version; }' >src/migrate/run.c
	printf '%s\n' '#include "pg/server.h"' 'int cmd_status(void);' 'int cmd_status(void) { return server_version(""); }' \
		>src/cli/cmd_status.c
	printf '%s\n' '#include "migrate/run.h"' 'int cmd_upgrade(void);' 'int cmd_upgrade(void) { return migrate_run(1); }' \
		>src/cli/cmd_upgrade.c
	# A header of our own, so that nothing has to be installed.
	mkdir include
	echo 'typedef const char PGconn;' >include/libpq-fe.h
}

run() {
	local source

	for source in src/*/*.c; do
		mkdir -p "build/$(dirname "$source")"
		"$CC" -O0 -Isrc -Iinclude -c -o "build/${source%.c}.o" "$source"
	done
	"$check" build "$CC" -Isrc -Iinclude >"$work/log" 2>&1
}

fail() {
	cat "$work/log" >&2
	echo "layers_broken: $*" >&2
	exit 1
}

# expect RULE LINE...: it must print lines that begin so, and no others.
expect() {
	local rule=$1 line

	shift
	! run || fail "$rule: not noticed"
	for line in "$@"; do
		grep -F -- "$line" "$work/log" >/dev/null || fail "$rule: \"$line\" is not printed"
	done
	[ "$(grep -c '^src/' "$work/log")" = $# ] || fail "$rule: something else is printed, too"
}

make_tree
run || fail 'a tree that obeys the rules is refused'

sed -i '1i #include "pg/server.h"' src/base/text.c
expect 'upward include' 'src/base/text.c:1: base/ must not include "pg/server.h" (src/LAYERS)'

make_tree
mkdir src/attic
mv src/migrate/run.c src/attic/run.c
expect 'a room that is not in src/LAYERS' 'src/attic/run.c:1: src/LAYERS has no room "attic"' \
	'src/attic/run.c:2: src/LAYERS has no room "attic"'

make_tree
sed -i '2s|.*|#include "text.h"|' src/pg/server.c
ln -s ../src/base/text.h include/text.h
expect 'include without its room' 'src/pg/server.c:2: "text.h" is included without its room'

make_tree
echo 'size_t text_bytes(void);' >>src/base/text.h
sed -i '1i #include <stddef.h>' src/*/*.c
expect 'header that does not compile alone' 'src/base/text.h:2: this header does not compile alone: unknown type name'

make_tree
sed -i '2i #include <libpq-fe.h>' src/migrate/run.c
sed -i 's/^typedef/#pragma once\n&/' include/libpq-fe.h
expect 'second include of libpq-fe.h' \
	'src/migrate/run.c:2: libpq-fe.h must be included once, in src/pg/; this is one of 2' \
	'src/pg/server.h:1: libpq-fe.h must be included once, in src/pg/; this is one of 2' \
	'src/migrate/run.c:2: only src/pg/ may include libpq-fe.h'

make_tree
printf '%s\n' 'int server_version(const char *);' 'int text_twice(void);' \
	'int text_twice(void) { return server_version(""); }' >>src/base/text.c
expect 'circle of objects' 'src/base/text.c:4: circle of objects: base/text uses server_version of pg/server' \
	'src/pg/server.c:3: circle of objects: pg/server uses text_length of base/text'

# Through an object of its own room.
make_tree
printf '%s\n' '#include "migrate/run.h"' 'int report(void);' 'int report(void) { return migrate_run(2); }' \
	>src/cli/report.c
sed -i '3s/.*/int report(void); int cmd_status(void) { return report(); }/' src/cli/cmd_status.c
expect 'a reading command that reaches migrate/' \
	'src/cli/report.c:3: cmd_status only reads, but reaches migrate/run by migrate_run'

echo 'layers_broken: tests/layers.sh notices each rule that is broken'
