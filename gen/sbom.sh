#!/bin/bash
# Print a software bill of materials, CycloneDX 1.5 in JSON: the executable and the libraries that are linked into it.
#
#   sbom.sh EXECUTABLE VERSION LIBRARIES
#
# LIBRARIES is what libraries.sh has printed. The same executable has the same bill: there is no time in it, and its
# serial number is made from the rest.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

# As SPDX expressions. A library that is not here must be looked at before it goes out.
licence_of() {
	case $1 in
	postgresql | postgresql-*) echo PostgreSQL ;;
	openssl) echo Apache-2.0 ;;
	jansson) echo MIT ;;
	glibc) echo LGPL-2.1-or-later ;;
	gcc | gcc-*) echo 'GPL-3.0-or-later WITH GCC-exception-3.1' ;;
	*)
		echo "sbom.sh: what is the licence of $1? say so here, and in docs/debian/copyright" >&2
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

# A UUID of version 8, whose bits are free, from a SHA-256.
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
