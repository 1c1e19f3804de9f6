#!/bin/bash
# Make an OCI image from nothing, as an archive: one layer with the files of a folder. No daemon is needed, nor root.
#
#   image.sh FOLDER VERSION SECONDS ARCHIVE
#
# FOLDER has usr/bin/fitsdb-schema. SECONDS is the time of all files and of the image, so that the same folder makes the
# same image. The layout is that of the OCI Image Format Specification 1.0.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

folder=$1 version=$2 seconds=$3 archive=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Print a tar archive of files in a folder: FOLDER NAME ...
archive_of() {
	local from=$1

	shift
	tar -C "$from" --format=gnu --sort=name --mtime="@$seconds" --owner=0 --group=0 --numeric-owner \
		--mode='u=rwX,go=rX' -c "$@"
}

# Put standard input among the blobs. Print its descriptor: MEDIA-TYPE.
blob() {
	local sum

	cat >"$work/new"
	sum=$(sha256sum <"$work/new" | cut -d' ' -f1)
	jq -n --arg type "application/vnd.oci.image.$1" --arg sum "$sum" --argjson size "$(stat -c %s "$work/new")" \
		'{mediaType: $type, digest: ("sha256:" + $sum), size: $size}'
	mv "$work/new" "$work/image/blobs/sha256/$sum"
}

mkdir -p "$work/image/blobs/sha256"
created=$(date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ)
archive_of "$folder" usr >"$work/layer"
layer=$(gzip -n -9 <"$work/layer" | blob layer.v1.tar+gzip)
# A number, since there is no /etc/passwd: Kubernetes can tell that it is not root.
diff=$(sha256sum <"$work/layer" | cut -d' ' -f1)
config=$(jq -n --arg created "$created" --arg version "$version" --arg diff "$diff" '
	{
		created: $created,
		architecture: "amd64",
		os: "linux",
		config: {
			User: "65532:65532",
			Env: ["PATH=/usr/bin", "HOME=/"],
			Entrypoint: ["/usr/bin/fitsdb-schema"],
			WorkingDir: "/",
			Labels: {
				"org.opencontainers.image.title": "fitsdb-schema",
				"org.opencontainers.image.version": $version,
				"org.opencontainers.image.licenses": "BSD-3-Clause"
			}
		},
		rootfs: {type: "layers", diff_ids: ["sha256:" + $diff]},
		history: [{created: $created, created_by: "make image"}]
	}' | blob config.v1+json)
jq -n --argjson config "$config" --argjson layer "$layer" '
	{schemaVersion: 2, mediaType: "application/vnd.oci.image.manifest.v1+json", config: $config, layers: [$layer]}' |
	blob manifest.v1+json >"$work/manifest"
jq --arg version "$version" '
	{schemaVersion: 2, manifests: [. + {annotations: {"org.opencontainers.image.ref.name": $version}}]}' \
	"$work/manifest" >"$work/image/index.json"
echo '{"imageLayoutVersion": "1.0.0"}' >"$work/image/oci-layout"
archive_of "$work/image" oci-layout index.json blobs >"$archive.new"
mv "$archive.new" "$archive"
