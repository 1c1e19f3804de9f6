#!/bin/bash
# Copy the versions 0 to LAST of tests/histories/NAME, or of the archive's own migrations, for an older build: with
# grants.sql, without seals. A folder in tests/histories that has no 000_base.sql holds the earlier SQL of some of the
# archive's migrations; SCHEMA, which describes the present SQL, is then left out.
#
#   first_versions.sh NAME-LAST|migrations-LAST FOLDER    to FOLDER/migrations
set -euo pipefail

from=tests/histories/${1%-*} last=${1##*-} to=$2/migrations
earlier=
if [ ! -e "$from/000_base.sql" ]; then
	[ ! -d "$from" ] || earlier=$from
	from=migrations
fi
rm -rf "$to"
mkdir -p "$to"
for file in "$from"/[0-9]*_*.sql; do
	version=${file##*/}
	((10#${version%%_*} > last)) || cp "$file" "$to"
done
[ ! -e "$from/grants.sql" ] || cp "$from/grants.sql" "$to"
# A line about later versions only would be an error here. A release is "release NAME: VERSION, runs on FIRST to LAST".
[ ! -e "$from/SETTINGS" ] || awk -v last="$last" '$1 == "ignore" && $2 == "from" && $3 > last { next }
	$1 == "release" && $3 + 0 > last { next }
	$1 == "rewrite" && $2 + 0 > last { next }
	$1 == "release" && $8 > last { $8 = last } { print }' "$from/SETTINGS" >"$to/SETTINGS"
[ -n "$earlier" ] || [ ! -e "$from/SCHEMA" ] ||
	awk -v last="$last" '$1 == "version" && $2 > last { exit } { print }' "$from/SCHEMA" >"$to/SCHEMA"
[ -z "$earlier" ] || cp "$earlier"/[0-9]*_*.sql "$to"
