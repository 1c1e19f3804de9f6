#!/bin/bash
# Make a folder with the files of a release, a statement of how they were made, and their checksums.
#
#   release.sh FOLDER VERSION COMMIT LIBRARIES FILE ...
#
# The statement, fitsdb-schema-VERSION.intoto.json, is an in-toto statement with SLSA's provenance predicate. It has no
# time and no name of a machine, so that whoever builds the release again gets the same file. SHA256SUMS has the
# checksums of all files, and that of the statement: a signature of SHA256SUMS is one of the whole release.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

folder=$1 version=$2 commit=$3 libraries=$4
shift 4
statement=fitsdb-schema-$version.intoto.json

rm -rf "$folder"
mkdir -p "$folder"
install -m 644 "$@" "$folder/"
cd "$folder"
subjects=$(sha256sum -- * | jq -R 'split("  ") | {name: .[1], digest: {sha256: .[0]}}' | jq -s .)
cd "$OLDPWD"
jq -R 'split("\t") | {name: .[0], uri: .[2]}' "$libraries" | jq -s --arg version "$version" --arg commit "$commit" \
	--argjson subjects "$subjects" '
	{
		_type: "https://in-toto.io/Statement/v1",
		subject: $subjects,
		predicateType: "https://slsa.dev/provenance/v1",
		predicate: {
			buildDefinition: {
				buildType: "https://fitsdb-schema.invalid/docs/release.md",
				externalParameters: {command: "make release", version: $version, commit: $commit},
				resolvedDependencies: ([{name: "fitsdb-schema", uri: "git+https://fitsdb-schema.invalid/fitsdb-schema",
					digest: {gitCommit: $commit}}] + .)
			},
			runDetails: {builder: {id: "https://fitsdb-schema.invalid/maintainers"}}
		}
	}' >"$folder/$statement"
cd "$folder"
sha256sum -- * >../SHA256SUMS.new
mv ../SHA256SUMS.new SHA256SUMS
