#!/bin/bash
# Make the OCI image twice, inspect and unpack it with other programs, and run it as a container runtime does: as a user
# without a name, with a root folder that is read-only, without capabilities; with a password from the environment and
# the authority of the server's certificate from a mounted file.
#
#   tests/image.sh BUILD
#
# Needs root. The script calls itself in its own network and mounts, with a server.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

build=$(realpath "$1")
# shellcheck source=tests/functions.sh
. "$(dirname "$0")/functions.sh"

check_archive() {
	cp "$image" "$work/first.tar"
	make --no-print-directory image >/dev/null
	cmp "$work/first.tar" "$image"
	[ "$(stat -c %s "$image")" -lt 3200000 ] || fail "the image has $(stat -c %s "$image") bytes"
	skopeo inspect "oci-archive:$image" >"$work/inspected"
	jq -e --arg version "$version" '.Architecture == "amd64" and .Os == "linux" and (.Layers | length) == 1
		and .Labels["org.opencontainers.image.version"] == $version' "$work/inspected" >/dev/null ||
		fail "skopeo reads: $(cat "$work/inspected")"
	skopeo inspect --config "oci-archive:$image" >"$work/config"
	jq -e '.config.User == "65532:65532" and .config.Entrypoint == ["/usr/bin/fitsdb-schema"]' "$work/config" \
		>/dev/null || fail "the image's configuration is: $(cat "$work/config")"
	# Each blob has its name's checksum, and each layer the checksum in the configuration.
	mkdir "$work/layout"
	tar -xf "$image" -C "$work/layout"
	(cd "$work/layout/blobs/sha256" && sha256sum -- * | awk '$1 != $2 { exit 1 }') || fail "a blob has a wrong name"
	umoci unpack --image "$work/layout:$version" "$work/bundle" >"$work/log" 2>&1 || fail "$(cat "$work/log")"
	cmp "$work/stripped" "$work/bundle/rootfs/usr/bin/fitsdb-schema"
	jq -e '.process.user.uid == 65532 and .process.user.gid == 65532' "$work/bundle/config.json" >/dev/null ||
		fail "umoci reads another user"
	[ "$(ls "$work/bundle/rootfs")" = usr ] || fail "the image has more than usr"
	[ -s "$work/bundle/rootfs/usr/share/licenses/fitsdb-schema/LICENSE" ] || fail "the licence is missing"
}

# A server with TLS, and a role with a password.
set_up_server() {
	local data

	data=$(psql -XAt -c 'SHOW data_directory')
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout "$work/ca.key" -out "$work/ca.crt" \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj /CN=postgres -keyout "$work/server.key" -out "$work/server.csr" 2>/dev/null
	openssl x509 -req -in "$work/server.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial -days 2 \
		-extfile <(echo subjectAltName=DNS:postgres) -out "$work/server.crt" 2>/dev/null
	install -o postgres -m 600 "$work/server.key" "$work/server.crt" "$data/"
	psql -qX -c 'ALTER SYSTEM SET ssl = on' -c "ALTER ROLE fitsdata PASSWORD 'secret'"
	sed -i '1i hostssl fitsdata fitsdata 127.0.0.1/32 scram-sha-256' "$data/pg_hba.conf"
	psql -qXAt -c 'SELECT pg_reload_conf()' >/dev/null
	until psql -XAt -h 127.0.0.1 -d 'sslmode=require dbname=postgres' -c 'SELECT 1' >/dev/null 2>&1; do
		kill -0 "$(head -n 1 "$data/postmaster.pid")"
	done
}

# Run the image's entry point: STATUS TEXT [NAME=VALUE ...] -- [ARGUMENT ...].
expect_entry() {
	local status=$1 text=$2 settings=()

	shift 2
	while [ "$1" != -- ]; do
		settings+=("$1")
		shift
	done
	shift
	expect "$status" "$text" env -i PATH=/usr/bin HOME=/ "${settings[@]}" /usr/bin/setpriv --no-new-privs \
		/usr/sbin/chroot --userspec=65532:65532 "$root" /usr/bin/fitsdb-schema "$@"
}

run_it() {
	local there=(PGHOST=postgres PGUSER=fitsdata PGDATABASE=fitsdata PGSSLMODE=verify-full PGSSLROOTCERT=/ca/ca.crt)

	set_up_server
	# A runtime provides these: the names of hosts, and the volume.
	root=$work/bundle/rootfs
	mkdir "$root/etc" "$root/ca"
	echo '127.0.0.1 postgres' >"$root/etc/hosts"
	mount --bind "$root" "$root"
	mount -t tmpfs volume "$root/ca"
	install -m 444 "$work/ca.crt" "$root/ca/"
	mount -o remount,bind,ro "$root"
	expect_entry 0 "fitsdb-schema $version" -- version
	expect_entry 3 'no password supplied' "${there[@]}" -- init
	expect_entry 0 '' "${there[@]}" PGPASSWORD=secret -- init
	expect_entry 0 '' "${there[@]}" PGPASSWORD=secret -- downgrade 37 --yes
	expect_entry 1 'behind' "${there[@]}" PGPASSWORD=secret -- status --wait=1s
	expect_entry 0 '' "${there[@]}" PGPASSWORD=secret -- upgrade
	expect_entry 0 'OK - fitsdata' "${there[@]}" PGPASSWORD=secret -- status --short --wait=10min
	expect_entry 3 'root.crt' "${there[@]}" PGPASSWORD=secret PGSSLROOTCERT= -- status
	umount "$root/ca" "$root"
}

case ${2:-first} in
first)
	[ "$(id -u)" = 0 ] || fail "this takes root"
	make --no-print-directory image >/dev/null
	restart_in_own_network "$build" second
	;;
second)
	work=$(mktemp -d)
	trap 'umount "$work/bundle/rootfs/ca" "$work/bundle/rootfs" 2>/dev/null || true; rm -rf "$work"' EXIT
	chmod 755 "$work"
	version=$("$build/fitsdb-schema" version | sed -n '1s/^fitsdb-schema //p')
	image=$build/fitsdb-schema-$version-oci.tar
	strip -o "$work/stripped" "$build/fitsdb-schema"
	check_archive
	run_it
	echo "image: $image is the same twice, and was inspected, unpacked and run"
	;;
esac
