#!/bin/bash
# Each SQL file as a C array, for the generated history.c:
#
#   arrays.sh MIGRATIONS_DIR [SNAPSHOT]
#
# The CR of a CRLF is taken away, as the generator does before it counts; history.c asserts that both agree.
set -eu -o pipefail
export LC_ALL=C

# array NAME FILE
array() {
	printf '\n/* %s */\nstatic const unsigned char sql_%s[] = {\n' "${2##*/}" "$1"
	sed 's/\r$//' <"$2" | xxd -i
	printf '};\n'
}

echo '/* Made by gen/arrays.sh, with xxd, from the migrations. Do not edit: change those and run make. */'
for file in "$1"/[0-9]*_*.sql; do
	number=${file##*/}
	array "${number%%_*}" "$file"
done
if [ -e "$1/grants.sql" ]; then
	array grants "$1/grants.sql"
fi
if [ $# -gt 1 ]; then
	array snapshot "$2"
fi
