#!/bin/bash
# Check the files of a release, with the commands of docs/release.md that sign and check it; and the check for updates.
#
#   tests/release.sh BUILD
#
# BUILD has all packages: see tests/packages.sh, tests/rpm.sh and tests/image.sh.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

build=$(realpath "$1")
top=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$("$build/fitsdb-schema" version | sed -n '1s/^fitsdb-schema //p')
libraries=$build/generated/libraries.tsv
release=$work/page/build/release
statement=$release/fitsdb-schema-$version.intoto.json
# shellcheck source=tests/functions.sh
. "$(dirname "$0")/functions.sh"

# --- the files ---

# Only a commit is released.
try_refusals() {
	git clone -q --shared "$top" "$work/clone"
	echo >>"$work/clone/Makefile"
	expect 2 'not a git checkout without changes' make -C "$work/clone" release
	git -C "$work/clone" checkout -q Makefile
	touch "$work/clone/migrations/new"
	expect 2 'not a git checkout without changes' make -C "$work/clone" release
	rm -rf "$work/clone/.git"
	expect 2 'not a git checkout without changes' make -C "$work/clone" release
	[ ! -e "$work/clone/build" ] || fail "a refused release has built something"
	rm -rf "$work/clone"
}

# Run gen/release.sh as the recipe does, with the packages of BUILD: FOLDER.
make_release() {
	strip -o "$work/fitsdb-schema-$version-linux-amd64" "$build/fitsdb-schema"
	"$top/gen/sbom.sh" "$work/fitsdb-schema-$version-linux-amd64" "$version" "$libraries" \
		>"$work/fitsdb-schema-$version.cdx.json"
	"$top/gen/release.sh" "$1" "$version" "$(git -C "$top" rev-parse HEAD)" "$libraries" \
		"$work/fitsdb-schema-$version-linux-amd64" "$work/fitsdb-schema-$version.cdx.json" \
		"$build/fitsdb-schema-$version.tar.gz" "$build/fitsdb-schema_${version}_amd64.deb" \
		"$build/fitsdb-schema-$version-1.x86_64.rpm" "$build/fitsdb-schema-$version-oci.tar"
}

try_files() {
	local files=8

	mkdir -p "$work/page/build"
	make_release "$release"
	make_release "$work/second"
	diff -r "$release" "$work/second"
	[ "$(find "$release" -type f | wc -l)" = "$files" ] || fail "these are not $files files: $(ls "$release")"
	(cd "$release" && sha256sum --quiet -c SHA256SUMS)
	[ "$(wc -l <"$release/SHA256SUMS")" = $((files - 1)) ] || fail "SHA256SUMS has not all files"

	# The statement is about these files, and no others.
	jq -r '.subject[] | .digest.sha256 + "  " + .name' "$statement" |
		diff - <(grep -v intoto "$release/SHA256SUMS") || fail "the statement is about other files"
	jq -e --arg commit "$(git -C "$top" rev-parse HEAD)" '
		._type == "https://in-toto.io/Statement/v1" and .predicateType == "https://slsa.dev/provenance/v1"
		and (.predicate.buildDefinition | (.buildType | startswith("https://"))
			and .externalParameters.commit == $commit
			and .resolvedDependencies[0].digest == {gitCommit: $commit}
			and (.resolvedDependencies | all(.uri | test("^(git[+]https|pkg):"))))
		and (.predicate.runDetails.builder.id | startswith("https://"))' "$statement" >/dev/null ||
		fail "the statement is $(cat "$statement")"
	jq -r '.predicate.buildDefinition.resolvedDependencies[1:][].uri' "$statement" |
		diff - <(cut -f3 "$libraries") || fail "the statement has other libraries"
	! grep -rF -e "$top" -e "$(hostname)" "$statement" || fail "the statement names this machine"

	# The recipe itself, if the checkout has no changes.
	if [ -z "$(git -C "$top" status --porcelain)" ]; then
		make -C "$top" --no-print-directory release release_parts='dist rpm image' >"$work/log" 2>&1 || {
			cat "$work/log" >&2
			fail "\"make release\" has failed"
		}
		diff -r "$release" "$build/release"
	fi
	echo "release: SHA256SUMS and the statement have all files, and are the same twice"
}

# A release has the files that README.md and docs/install.md install.
try_names() {
	local name named=0

	while read -r name; do
		[ -e "$release/$name" ] || fail "there is no $name in a release"
		named=$((named + 1))
	done < <(grep -ohE 'fitsdb-schema[-_]([0-9]|VERSION)[A-Za-z0-9._-]+' "$top/README.md" "$top/docs/install.md" |
		sed "s/VERSION/$version/" | sort -u)
	[ "$named" = 5 ] || fail "README.md and docs/install.md name $named files"
}

# --- the signature ---

# Run each command of the page, word for word. A program supplies the passphrase.
try_signature() {
	local line tried=0

	printf '#!/bin/sh\necho a passphrase\n' >"$work/ask"
	chmod +x "$work/ask"
	export SSH_ASKPASS=$work/ask SSH_ASKPASS_REQUIRE=force
	cd "$work/page"
	while IFS= read -r line; do
		tried=$((tried + 1))
		if ! eval "$line" >"$work/out" 2>&1 </dev/null; then
			cat "$work/out" >&2
			fail "docs/release.md: $line"
		fi
		[[ $line != *'-Y verify'* ]] ||
			grep -x 'Good "fitsdb-schema" signature for maintainers with .*' "$work/out" \
				>/dev/null || fail "docs/release.md: $line: $(cat "$work/out")"
	done < <(sed -n 's/^    \$ //p' "$top/docs/release.md")
	[ "$tried" = 7 ] || fail "docs/release.md has $tried commands"
	[ "$(cat "$work/out")" = "$(git -C "$top" rev-parse HEAD)" ] || fail "the last command does not print the commit"
	cd "$release"
	# Another text, another key and another purpose are refused.
	expect 255 'Could not verify' verify <(echo; cat SHA256SUMS)
	ssh-keygen -q -t ed25519 -C maintainers -f "$work/other_key"
	rm SHA256SUMS.sig
	ssh-keygen -q -Y sign -f "$work/other_key" -n fitsdb-schema SHA256SUMS 2>/dev/null
	expect 255 'Could not verify' verify SHA256SUMS
	rm SHA256SUMS.sig
	ssh-keygen -q -Y sign -f ../../release_key -n another SHA256SUMS 2>/dev/null
	expect 255 'Could not verify' verify SHA256SUMS
	# A changed file is found.
	echo >>"fitsdb-schema-$version-linux-amd64"
	expect 1 'linux-amd64: FAILED' sha256sum -c SHA256SUMS
	cd "$top"
	echo "release: the commands of docs/release.md sign and check it, and forgeries are refused"
}

verify() {
	ssh-keygen -Y verify -f ../../allowed_signers -I maintainers -n fitsdb-schema \
		-s SHA256SUMS.sig <"$1"
}

# --- updates ---

# Write lists of packages and libraries: DAYS until they are out of date, VERSION of openssl.
write_lists() {
	mkdir -p "$work/lists" "$work/bin"
	printf 'Label: Debian-Security\nValid-Until: %s\n' "$(date -u -R -d "$1 days")" >"$work/lists/security_InRelease"
	printf '#!/bin/sh\ncat "%s"\n' "$work/available" >"$work/bin/apt-cache"
	chmod +x "$work/bin/apt-cache"
	cat >"$work/available" <<-END
		Package: libssl-dev
		Source: openssl
		Version: $2

		Package: openssl-tool
		Source: openssl ($2)
		Version: 99

		Package: jansson
		Version: 2.14-2

	END
	printf 'jansson\t2.14-2\tpkg:deb/debian/jansson@2.14-2\n' >"$work/libraries"
	printf 'openssl\t3.0.9-1\tpkg:deb/debian/openssl@3.0.9-1\n' >>"$work/libraries"
}

updates() {
	PATH=$work/bin:$PATH "$top/gen/updates.sh" "$work/libraries" "$work/lists"
}

try_updates() {
	write_lists 1 3.0.9-1
	expect 0 'no library that is linked in has an update' updates
	write_lists 1 3.0.10-1
	expect 1 'openssl 3.0.9-1 is linked in, and 3.0.10-1 is available' updates
	write_lists 1 3.0.8-1
	expect 0 'no library that is linked in has an update' updates
	write_lists -1 3.0.9-1
	expect 2 'run "apt-get update", which needs a network' updates
	write_lists 1 3.0.9-1
	printf 'zstd\t1.5.4\tpkg:generic/zstd@1.5.4\n' >>"$work/libraries"
	expect 2 'zstd 1.5.4 is not from a package of Debian' updates
	printf 'zlib\t1.2\tpkg:deb/debian/zlib@1.2\n' >"$work/libraries"
	expect 2 'apt does not know the source package zlib' updates
	rm "$work/lists/security_InRelease"
	expect 2 'apt has no list' updates
	rmdir "$work/lists"
	expect 2 'apt has no list' updates
	echo "release: an update of a library is found, and lists that are missing or too old are refused"
}

try_updates
try_refusals
try_files
try_names
try_signature
