#!/bin/bash
# Does "make schema" write what a server does? tests/histories/schema has the migrations, and the file as it must be.
#
#   tests/schema.sh MEASURE      with PG_BIN as for tests/throwaway.sh
set -euo pipefail

measure=$1
golden=tests/histories/schema
work=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
file=$work/folder/SCHEMA

fail() {
	cat "$work/log" >&2
	echo "schema: $*" >&2
	exit 1
}

# Run with the file as it is; the log must have the text.
expect() {
	local what=$1 text=$2 status=0

	shift 2
	env "$@" gen/schema.sh ${check:+"$check"} "$measure" "$work/folder" >"$work/log" 2>&1 || status=$?
	[ "$status" = "${wanted:-0}" ] || fail "$what: exit status $status"
	grep -F -- "$text" "$work/log" >/dev/null || fail "$what: it does not say \"$text\""
	[ ! -e "$file.new" ] || fail "$what: a file is left over"
}

# As it is where servers of other versions were not asked, from version $1 on; the checksums apart.
debian_only() {
	awk -v first="$1" '
		$1 == "version" { version = $2 }
		/^checksum / { next }
		version < first { print; next }
		/^(\+(10|18|10,18) |~)/ || (/^![0-9]/ && !/^![0-9,]*15/) { next }
		{ sub(/^\+[0-9,]* /, "+15 "); sub(/^![0-9,]* /, "!15 "); sub(/^measured$/, "measured 15"); print }' "$golden/SCHEMA"
}

cp -r "$golden" "$work/folder"
expect 'all measured again' 'SCHEMA is up to date' MEASURE_ALL=1
cmp "$file" "$golden/SCHEMA"
expect 'nothing to do' 'SCHEMA is up to date'
check=--check expect 'compared' 'SCHEMA agrees with this server'

# What is known of other servers is kept where this one does as before.
sed -i '/^version 10 /,$d' "$file"
expect 'one new version' ': 1 of 11 versions were measured'
debian_only 10 | cmp - <(grep -v '^checksum ' "$file")

rm "$file"
expect 'no file' ': 11 of 11 versions were measured'
debian_only 0 | cmp - <(grep -v '^checksum ' "$file")

# A form for other servers that none of them prints.
cp "$golden/SCHEMA" "$file"
check=--check expect 'forms of servers 10' 'SCHEMA agrees with this server; the forms of others are not checked'
sed -i 's/^+15,18 \(constraint label.text_is_trimmed\)\(.*\)/+15 \1\2\n+18 \1\tCHECK (true)/' "$file"
wanted=1 check=--check expect 'a wrong form' \
	'version 8, a form for other servers that is not that of this one: + constraint label.text_is_trimmed	CHECK (true)'

# A file that was edited.
cp "$golden/SCHEMA" "$file"
sed -i 's/^+ column weights.item\tinteger/+ column weights.item\tbigint/' "$file"
wanted=1 check=--check expect 'edited' 'version 1, another form on this server: + column weights.item	integer'
expect 'edited' ': 10 of 11 versions were measured'
expect 'edited, and measured' 'SCHEMA is up to date'
grep '^+15 column weights.item' "$file" >/dev/null || fail 'the edited line is not marked as printed by this server'
cp "$golden/SCHEMA" "$file"
sed -i '/^! 4:1 label\t/d' "$file"
wanted=1 check=--check expect 'a line is gone' 'version 8, not the lines that were measured'
expect 'a line is gone' ': 3 of 11 versions were measured'
grep '^!15 4:1 label' "$file" >/dev/null || fail 'the line that was gone is not measured again'

# What is above the first fault is kept, with what is known of other servers.
conflict() {
	sed '/^version 10 /,$d' "$golden/SCHEMA"
	echo '<<<<<<< HEAD'
	sed -n '/^version 10 /,$p' "$golden/SCHEMA" | sed 's/ add_again / add_other /'
	echo '======='
	sed -n '/^version 10 /,$p' "$golden/SCHEMA"
	echo '>>>>>>> other'
}
conflict >"$file"
expect 'a conflict' ': 1 of 11 versions were measured'
grep -F "SCHEMA, line $(grep -n '^version 10 ' "$golden/SCHEMA" | cut -d: -f1): " "$work/log" >/dev/null ||
	fail 'a conflict: the line of the marker is not named'
debian_only 10 | cmp - <(grep -v '^checksum ' "$file")
conflict | sed '/^[<=>]\{7\}/d' >"$file"
expect 'both sides of a conflict' ': 1 of 11 versions were measured'
debian_only 10 | cmp - <(grep -v '^checksum ' "$file")
sed '/^version 6 /,/^checksum /d' "$golden/SCHEMA" >"$file"
expect 'a version is gone' ': 5 of 11 versions were measured'
debian_only 6 | cmp - <(grep -v '^checksum ' "$file")
for end in 'version 11 other 0' 'nonsense'; do
	{ cat "$golden/SCHEMA"; printf '\n%s\n' "$end"; } >"$file"
	expect "$end" ': 0 of 11 versions were measured'
	cmp "$file" "$golden/SCHEMA"
done
echo 'nonsense' >"$file"
expect 'not a schema' ': 11 of 11 versions were measured'

# Without the roles the first migration fails, and the file stays as it was.
cp "$golden/SCHEMA" "$file"
rm "$work/folder/roles.sql"
wanted=1 expect 'a role is missing' 'role "clerk" does not exist' MEASURE_ALL=1
cmp "$file" "$golden/SCHEMA"

echo "schema: $golden is as its SCHEMA says"
