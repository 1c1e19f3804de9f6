#!/bin/bash
# Copy the versions 0 to LAST of tests/histories/NAME, or of the archive's own migrations, for an older build: with
# grants.sql, without seals.
#
#   first_versions.sh NAME-LAST|migrations-LAST FOLDER    to FOLDER/migrations
set -euo pipefail

from=tests/histories/${1%-*} last=${1##*-} to=$2/migrations
[ -d "$from" ] || from=${1%-*}
rm -rf "$to"
mkdir -p "$to"
for file in "$from"/[0-9]*_*.sql; do
	version=${file##*/}
	((10#${version%%_*} > last)) || cp "$file" "$to"
done
[ ! -e "$from/grants.sql" ] || cp "$from/grants.sql" "$to"
[ ! -e "$from/SETTINGS" ] || cp "$from/SETTINGS" "$to"
[ ! -e "$from/SCHEMA" ] || awk -v last="$last" '$1 == "version" && $2 > last { exit } { print }' "$from/SCHEMA" >"$to/SCHEMA"
