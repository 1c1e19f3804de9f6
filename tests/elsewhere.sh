#!/bin/bash
# Run the executable on other systems: in other releases of Debian, and in an empty folder; over TCP and over a socket.
# Install the Debian package in each release, and build with the libpq of the newest one.
#
#   tests/elsewhere.sh BUILD
#
# Needs root, and debootstrap, which fetches each release once, from apt's source, to BUILD/elsewhere.
set -euo pipefail
shopt -s inherit_errexit

releases=(bullseye bookworm trixie)
build=$(realpath "$1")
# shellcheck source=tests/functions.sh
. "$(dirname "$0")/functions.sh"

mirror() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | head -n 1
}

fetch() {
	local folder=$build/elsewhere/$1

	[ ! -d "$folder" ] || return 0
	echo "elsewhere: fetching $1"
	rm -rf "$folder.part"
	mkdir -p "$folder.part"
	eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
	http_proxy=${http_proxy:-} debootstrap --variant=minbase "$1" "$folder.part" "$(mirror)" >"$folder.log" 2>&1 || {
		cat "$folder.log" >&2
		fail "could not fetch $1"
	}
	mv "$folder.part" "$folder"
}

# Build in a release, with its libpq: FOLDER/sources/build/fitsdb-schema, if the link finds all that it needs.
build_in() {
	local folder=$build/elsewhere/$1-build pg=$2

	if [ ! -d "$folder" ]; then
		echo "elsewhere: fetching a compiler and libpq for $1"
		rm -rf "$folder.part"
		cp -a "$build/elsewhere/$1" "$folder.part"
		cp /etc/resolv.conf "$folder.part/etc/"
		chroot "$folder.part" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends gcc make \
			libc6-dev xxd pkg-config libpq-dev "postgresql-server-dev-$pg" libssl-dev libjansson-dev \
			>"$folder.log" 2>&1 || {
			cat "$folder.log" >&2
			fail "could not install what the build needs in $1"
		}
		mv "$folder.part" "$folder"
	fi
	rm -rf "$folder/sources"
	mkdir "$folder/sources"
	cp -a Makefile src gen migrations fitsdata.sql "$folder/sources/"
	# shellcheck disable=SC2016
	if ! unshare --mount bash -euc 'mount --bind /proc "$1/proc" && exec chroot "$1" make -C /sources PG="$2"' - \
		"$folder" "$pg" >"$folder.log" 2>&1; then
		grep -q 'undefined reference' "$folder.log" || fail "the build in $1 failed: $(tail -n 5 "$folder.log")"
		echo "elsewhere: $1: the build fails, since libpq $pg needs libraries that are not linked in"
	fi
}

# Run a program in $root as nobody, who has no name in the empty folder: STATUS TEXT PROGRAM [ARGUMENT ...]. It must end
# with STATUS, and TEXT be in what it prints.
expect_there() {
	expect "$1" "$2" env -i "$(command -v chroot)" --userspec=65534:65534 "$root" "${@:3}"
}

# A database at version 0 goes up, back and up again, over each connection.
check_upgrades() {
	local host

	for host in 127.0.0.1 /server; do
		psql -qX -d postgres -c 'DROP DATABASE IF EXISTS fitsdata' -c 'CREATE DATABASE fitsdata OWNER fitsdata'
		"$build/fitsdb-schema" show 0 | psql -qX -v ON_ERROR_STOP=1 -U fitsdata
		expect_there 3 'not under version control' "$1" status -h "$host" -U fitsdata
		expect_there 0 'with version 0' "$1" stamp 0 -h "$host" -U fitsdata
		expect_there 1 "behind: database fitsdata at version 0, this build has $latest" "$1" status -h "$host" -U fitsdata
		expect_there 0 "at version $latest, the latest" "$1" upgrade -h "$host" -U fitsdata
		expect_there 0 "at version $latest, the latest" "$1" status -h "$host" -U fitsdata
		expect_there 0 'upgrade' "$1" log -h "$host" -U fitsdata
		expect_there 0 'same' "$1" verify -h "$host" -U fitsdata
	done
}

# In a copy with the server's socket.
enter() {
	root=$work/$1
	mkdir -p "$root"
	if [ -d "$build/elsewhere/$1" ]; then
		cp -a "$build/elsewhere/$1/." "$root"
	fi
	mkdir "$root/server"
	mount --bind "$PGHOST" "$root/server"
}

leave() {
	umount "$root/server"
	rm -rf "$root"
}

check_release() {
	local package

	enter "$1"
	package=$(basename "$(ls "$build"/fitsdb-schema_"${version}"_*.deb)")
	cp "$build/$package" "$root/"
	chroot "$root" dpkg -i "/$package" >"$work/out" 2>&1 || {
		cat "$work/out" >&2
		fail "could not install the package in $1"
	}
	expect_there 0 "fitsdb-schema $version" fitsdb-schema version
	check_upgrades fitsdb-schema
	chroot "$root" dpkg -P fitsdb-schema >"$work/out" 2>&1
	[ ! -e "$root/usr/bin/fitsdb-schema" ] || fail "the package left its executable behind in $1"
	cp "$build/fitsdb-schema" "$root/"
	check_upgrades /fitsdb-schema
	leave
	echo "elsewhere: $1: good, from the package and from the file alone"
}

# An executable built in a release must work there; an incomplete link must not make an executable.
check_build() {
	[ -e "$build/elsewhere/$1-build/sources/build/fitsdb-schema" ] || return 0
	enter "$1-build"
	check_upgrades /sources/build/fitsdb-schema
	leave
	echo "elsewhere: $1: good, as it is built there"
}

# Nobody has a name there, and no host but those that are addresses; where one is asked for, that is said.
check_empty() {
	enter empty
	cp "$build/fitsdb-schema" "$root/"
	expect_there 0 "fitsdb-schema $version" /fitsdb-schema version
	check_upgrades /fitsdb-schema
	expect_there 3 'could not look up local user ID 65534' /fitsdb-schema status -h 127.0.0.1
	expect_there 3 'could not translate host name "localhost"' /fitsdb-schema status -h localhost -U fitsdata
	expect_there 3 'could not translate host name "archive.example"' /fitsdb-schema status -h archive.example -U fitsdata
	expect_there 0 "at version $latest" /fitsdb-schema status -d "host=archive.example hostaddr=127.0.0.1 user=fitsdata"
	leave
	echo "elsewhere: a folder with nothing else in it: good"
}

# The script calls itself: the second time in its own network and mounts, with a server.
case ${2:-first} in
first)
	[ "$(id -u)" = 0 ] || fail "this takes root"
	for release in "${releases[@]}"; do
		fetch "$release"
	done
	build_in trixie 17
	restart_in_own_network "$build" second
	;;
second)
	work=$(mktemp -d)
	trap 'umount "$work"/*/server 2>/dev/null || true; rm -rf "$work"' EXIT
	chmod 755 "$work"
	version=$("$build/fitsdb-schema" version | sed -n '1s/^fitsdb-schema //p')
	latest=$("$build/fitsdb-schema" version --latest)
	check_empty
	for release in "${releases[@]}"; do
		check_release "$release"
	done
	check_build trixie
	;;
esac
