#!/bin/bash
# Print a software bill of materials (CycloneDX 1.5, JSON) of the executable and the libraries that are linked in.
#
#   sbom.sh EXECUTABLE VERSION LIBRARIES
#
# LIBRARIES is the output of libraries.sh. The same executable has the same bill of materials: it has no timestamp, and
# its serial number is computed from the rest.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

# SPDX expressions. The licence of a new library must be checked before a release.
licence_of() {
	case $1 in
	postgresql | postgresql-*) echo PostgreSQL ;;
	openssl) echo Apache-2.0 ;;
	jansson) echo MIT ;;
	glibc) echo LGPL-2.1-or-later ;;
	gcc | gcc-*) echo 'GPL-3.0-or-later WITH GCC-exception-3.1' ;;
	*)
		echo "sbom.sh: the licence of $1 is unknown: add it to gen/sbom.sh and to docs/debian/copyright" >&2
		return 1
		;;
	esac
}

components() {
	local name version url licence

	while IFS=$'\t' read -r name version url; do
		licence=$(licence_of "$name")
		jq -n --arg name "$name" --arg version "$version" --arg url "$url" --arg licence "$licence" '
			{type: "library", "bom-ref": $url, name: $name, version: $version, licenses: [{expression: $licence}],
				purl: $url}'
	done <"$1" | jq -s .
}

# Make a UUID of version 8, whose bits are free to choose, from a SHA-256.
uuid() {
	sha256sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-8\3-a\4-\5/'
}

parts=$(components "$3")
checksum=$(sha256sum <"$1" | cut -d' ' -f1)
bill=$(jq -n --arg version "$2" --arg checksum "$checksum" --argjson parts "$parts" '
	("pkg:generic/fitsdb-schema@" + $version) as $url |
	{
		"$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		serialNumber: null,
		version: 1,
		metadata: {component: {type: "application", "bom-ref": $url, name: "fitsdb-schema", version: $version,
			hashes: [{alg: "SHA-256", content: $checksum}], licenses: [{expression: "BSD-3-Clause"}], purl: $url}},
		components: $parts,
		dependencies: [{ref: $url, dependsOn: [$parts[].purl]}]
	}')
jq --arg uuid "$(uuid <<<"$bill")" '.serialNumber = "urn:uuid:" + $uuid' <<<"$bill"
