#!/bin/bash
# Do the executable and its bill of materials list the libraries that are linked in? Compared with the map of the link,
# and with the traces of the libraries in the file.
#
#   tests/libraries.sh BUILD
set -euo pipefail
export LC_ALL=C

build=$1
executable=$build/fitsdb-schema
here=$(dirname "$0")/..

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "libraries: $*" >&2
	exit 1
}

# Two lists of "name version".
same() {
	diff "$work/$1" "$work/$2" >&2 || fail "\"$1\" and \"$2\" differ"
}

"$executable" version --json | jq -r '.libraries[] | .name + " " + .version' >"$work/said"
jq -r '.components[] | .name + " " + .version' "$build/fitsdb-schema.cdx.json" >"$work/bill"
same said bill

# Every archive that was opened, queried one at a time: not as gen/libraries.sh does it.
if command -v dpkg-query >/dev/null; then
	sed -n 's/^LOAD \(.*\.a\)$/\1/p' "$executable.map" | while read -r archive; do
		package=$(dpkg-query -S "$(realpath "$archive")" | sed 's/: .*//')
		dpkg-query -s "$package" | awk -F': ' '
			$1 == "Package" { source = $2 }
			$1 == "Source" { source = $2 }
			$1 == "Version" { version = $2 }
			END {
				if (split(source, part, /[ ()]+/) > 1) { source = part[1]; version = part[2] }
				print source, version
			}'
	done | sort -u >"$work/linked"
	same linked said
fi

# OpenSSL leaves its version in the file, without a distribution's suffix.
openssl=$(sed -n 's/^openssl \([0-9.]*[0-9]\).*/\1/p' "$work/said")
strings "$executable" | grep -xF "$openssl" >/dev/null || fail "there is no \"$openssl\" of OpenSSL's own in the file"

# The same executable, the same bill; another one, another serial number.
bill() {
	"$here/gen/sbom.sh" "$1" "$("$executable" version | sed -n '1s/.* //p')" "$build/generated/libraries.tsv"
}
bill "$executable" | cmp - "$build/fitsdb-schema.cdx.json"
checksum=$(jq -r '.metadata.component.hashes[0].content' "$build/fitsdb-schema.cdx.json")
[ "$(sha256sum <"$executable")" = "$checksum  -" ] || fail "the checksum in the bill is not the executable's"
[ "$(bill "$0" | jq .serialNumber)" != "$(jq .serialNumber "$build/fitsdb-schema.cdx.json")" ] ||
	fail "the bill of another file has the same serial number"

# A library with an unknown licence.
printf 'zstd\t1.5.4\tpkg:generic/zstd@1.5.4\n' >"$work/unknown"
if "$here/gen/sbom.sh" "$executable" 0 "$work/unknown" >"$work/out" 2>&1; then
	fail "a library of unknown licence was accepted"
fi
grep -q 'the licence of zstd is unknown' "$work/out" || fail "a library of unknown licence is not named"

# Without dpkg, the libraries' own tools report the same versions.
mkdir "$work/bin"
for program in awk bash cut gcc getconf grep pkg-config pg_config realpath sed sort xargs; do
	ln -s "$(command -v "$program")" "$work/bin/"
done
PATH=$work/bin "$here/gen/libraries.sh" "$executable.map" | sed 's/\t/ /; s/\t.*//' >"$work/without-dpkg"
sed -E 's/-[^ ]*//; s/ [0-9]+:/ /; s/ ([0-9.]*[0-9]).*/ \1/' "$work/said" >"$work/plain"
same plain without-dpkg

# A map of another linker has no list to read.
if "$here/gen/libraries.sh" "$0" >"$work/out" 2>&1; then
	fail "what is no map was accepted"
fi
grep -q 'names no archive' "$work/out" || fail "what is no map is not refused by name"

echo "libraries: the executable, its bill of materials and the link agree on" \
	"$(paste -sd, "$work/said" | sed 's/,/, /g')"
