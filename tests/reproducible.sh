#!/bin/bash
# Build twice, in two folders of different names, and compare: the same sources must make the same executable.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Both from one copy, so that an edit meanwhile does not matter.
mkdir "$work/first"
cp -r Makefile src gen migrations fitsdata.sql "$work/first/"
cp -r "$work/first" "$work/a-second-folder-with-a-longer-name"
for name in first a-second-folder-with-a-longer-name; do
	make -C "$work/$name" -j"$(nproc)" >"$work/$name.log" 2>&1 || {
		cat "$work/$name.log" >&2
		exit 1
	}
done
cmp "$work/first/build/fitsdb-schema" "$work/a-second-folder-with-a-longer-name/build/fitsdb-schema"
echo "reproducible: two builds in two folders are the same file, SHA-256" \
	"$(sha256sum <"$work/first/build/fitsdb-schema" | cut -d' ' -f1)"
