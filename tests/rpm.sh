#!/bin/bash
# Make the rpm package twice, install it into an empty folder, verify it, run it, and remove it.
#
#   tests/rpm.sh BUILD
#
# Needs root, because rpm changes its root folder.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
# shellcheck source=tests/functions.sh
. "$(dirname "$0")/functions.sh"

rpm_there() {
	rpm --root "$root" --dbpath /var/lib/rpm "$@"
}

[ "$(id -u)" = 0 ] || fail "this takes root"
package=$(make --no-print-directory rpm | tail -n 1)
cp "$package" "$work/first.rpm"
touch docs/rpm/fitsdb-schema.spec
[ "$(make --no-print-directory rpm | tail -n 1)" = "$package" ] || fail "two names for the same package"
cmp "$work/first.rpm" "$package"

# It needs nothing but rpm.
rpm -qp --requires "$package" | grep -v '^rpmlib(' && fail "the package has dependencies"
rpm -K "$package" | grep 'digests OK' >/dev/null || fail "the digests are wrong"

mkdir "$root"
rpm_there --force-debian -i "$package"
rpm_there -V fitsdb-schema || fail "rpm does not find what it has installed"
strip -o "$work/stripped" "$build/fitsdb-schema"
cmp "$work/stripped" "$root/usr/bin/fitsdb-schema"
gzip -dc "$root/usr/share/man/man1/fitsdb-schema.1.gz" | cmp - docs/fitsdb-schema.1
cmp docs/completion/fitsdb-schema.bash "$root/usr/share/bash-completion/completions/fitsdb-schema"
cmp docs/completion/_fitsdb-schema "$root/usr/share/zsh/site-functions/_fitsdb-schema"
diff -r docs/deploy "$root/usr/share/doc/fitsdb-schema/examples"
[ -z "$(find "$root/usr" ! -user root -o ! -group root)" ] || fail "a file is not root's"

said=$(chroot "$root" /usr/bin/fitsdb-schema version)
[ "$said" = "$("$build/fitsdb-schema" version)" ] || fail "the installed executable says \"$said\""
jq -e --arg sum "$(sha256sum <"$work/stripped" | cut -d' ' -f1)" '.metadata.component.hashes[0].content == $sum' \
	"$root/usr/share/doc/fitsdb-schema/fitsdb-schema.cdx.json" >/dev/null ||
	fail "the bill of materials is of another executable"

# The licences, with the texts that Debian keeps elsewhere.
rpm_there -qL fitsdb-schema | grep -x /usr/share/licenses/fitsdb-schema/LICENSE >/dev/null ||
	fail "the licence is not marked as one"
notices=$root/usr/share/licenses/fitsdb-schema/libraries
while IFS=$'\t' read -r library _; do
	[ -s "$notices/$library" ] || fail "the notices of $library are missing"
done <"$build/generated/libraries.tsv"
for text in Apache-2.0 LGPL-2.1 GPL-3; do
	cmp "/usr/share/common-licenses/$text" "$notices/licences/$text"
done

rpm_there --force-debian -e fitsdb-schema
left=$(find "$root" -path "$root/var/lib/rpm" -prune -o -name '*fitsdb*' -print)
[ -z "$left" ] || fail "these files were left: $left"
echo "rpm: $package is the same twice, and was installed, verified, run and removed"
