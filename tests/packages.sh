#!/bin/bash
# Install into a folder, make the tarball, make the Debian package from it, and check all of them.
#
#   tests/packages.sh BUILD
set -euo pipefail
shopt -s inherit_errexit

build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "packages: $*" >&2
	exit 1
}

# Run quietly; print the output of a failure.
run() {
	"$@" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		fail "\"$*\" failed"
	}
}

# A file of this tree must be installed as PATH: FOLDER FILE PATH.
expect_file() {
	cmp "$2" "$1/$3"
}

expect_data() {
	local data=$1/$2

	expect_file "$data" docs/completion/fitsdb-schema.bash bash-completion/completions/fitsdb-schema
	expect_file "$data" docs/completion/_fitsdb-schema "$3/_fitsdb-schema"
	diff -r docs/deploy "$data/doc/fitsdb-schema/examples"
}

expect_mode() {
	local mode

	mode=$(stat -c %a "$2")
	[ "$mode" = "$1" ] || fail "$2 has mode $mode"
}

version=$("$build/fitsdb-schema" version | sed -n '1s/^fitsdb-schema //p')

# --- install ---
root=$work/root
run make install DESTDIR="$root" PREFIX=/usr
installed=$root/usr/bin/fitsdb-schema
expect_mode 755 "$installed"
strip -o "$work/stripped" "$build/fitsdb-schema"
cmp "$work/stripped" "$installed"
expect_data "$root" usr/share zsh/site-functions
expect_file "$root/usr/share/man/man1" docs/fitsdb-schema.1 fitsdb-schema.1

# Each folder can be set.
run make install DESTDIR="$work/other" bindir=/opt/bin datarootdir=/opt/data mandir=/opt/man
cmp "$installed" "$work/other/opt/bin/fitsdb-schema"
expect_data "$work/other" opt/data zsh/site-functions
expect_file "$work/other/opt/man/man1" docs/fitsdb-schema.1 fitsdb-schema.1
[ "$(ls "$work/other")" = opt ] || fail "something was installed outside of the folders that were given"

# --- dist ---
tarball=$build/fitsdb-schema-$version.tar.gz
run make dist
cp "$tarball" "$work/first.tar.gz"
touch Makefile
run make dist
cmp "$work/first.tar.gz" "$tarball"
tar -xzf "$tarball" -C "$work"
unpacked=$work/fitsdb-schema-$version
if make -C "$unpacked" dist >"$work/log" 2>&1; then
	fail "\"make dist\" outside of a git checkout made something"
fi
grep -q 'not a git checkout' "$work/log" || fail "\"make dist\" outside of a git checkout does not say so"

# --- deb, from the tarball alone ---
run env -u BUILD make -C "$unpacked" BUILD=build deb
package=$unpacked/build/fitsdb-schema_${version}_amd64.deb
# The package is the same when it is made again from the same objects.
cp "$package" "$work/first.deb"
(
	cd "$unpacked/build/deb/fitsdb-schema-$version"
	run env DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -b -us -uc -nc
)
cmp "$work/first.deb" "$unpacked/build/deb/${package##*/}"
run lintian --allow-root --pedantic --fail-on error,warning,pedantic "$package"
dpkg-deb -x "$package" "$work/deb"
expect_data "$work/deb" usr/share zsh/vendor-completions
gzip -dc "$work/deb/usr/share/man/man1/fitsdb-schema.1.gz" | cmp - docs/fitsdb-schema.1
# Sources that are not committed are not in it.
if [ -z "$(git status --porcelain)" ]; then
	cmp "$installed" "$work/deb/usr/bin/fitsdb-schema"
fi
"$work/deb/usr/bin/fitsdb-schema" version --json | jq -r '.libraries[] | .name + " (= " + .version + ")"' >"$work/said"
dpkg-deb -f "$package" Built-Using | sed 's/, /\n/g' | diff - "$work/said"
doc=$work/deb/usr/share/doc/fitsdb-schema
sha256sum "$work/deb/usr/bin/fitsdb-schema" |
	grep "^$(jq -r '.metadata.component.hashes[0].content' "$doc/fitsdb-schema.cdx.json") " >/dev/null ||
	fail "the bill of materials in the package is of another executable"
while read -r library _; do
	[ -s "$doc/libraries/$library" ] || [ -s "$doc/libraries/$library.gz" ] ||
		fail "the notices of $library are missing"
	grep "^ $library " "$doc/copyright" >/dev/null || fail "$library is not in debian/copyright"
done <"$work/said"

cp "$package" "$build/"
echo "packages: $tarball and $build/${package##*/} hold what they should"
stat -c '  %s bytes: %n' "$installed" "$tarball" "$package" | sed "s|$work/||"
