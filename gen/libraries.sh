#!/bin/bash
# Print the libraries that are linked in: the archives from which the linker has used members, according to its map.
#
#   libraries.sh MAP
#
# Each line has the name, the version and the package URL of one library, separated by tabs. If dpkg knows the package
# of the archive, they are those of its source package, to which Debian's security advisories refer. If not, they are
# those of the project, as reported by the library's own tools.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

archives() {
	sed -n '/^Archive member included/,/^Memory Configuration/s/^\([^ ]*\.a\)(.*/\1/p' "$1" | sort -u |
		xargs -r realpath
}

# Escape special characters for a package URL.
escaped() {
	local text=${1//%/%25}
	echo "${text//+/%2B}"
}

# Print the name of the distribution, and the name with its version.
distribution() {
	# shellcheck source=/dev/null
	(. /etc/os-release && echo "$ID $ID-${VERSION_ID:-unstable}")
}

from_dpkg() {
	local package name version id distro

	package=$(dpkg-query -S "$1" 2>/dev/null | sed -n '1s/[:,].*//p') && [ "$package" ] || return
	# shellcheck disable=SC2016
	read -r name version < <(dpkg-query -W -f '${source:Package} ${source:Version}\n' "$package")
	read -r id distro < <(distribution)
	printf '%s\t%s\tpkg:deb/%s/%s@%s?arch=source&distro=%s\n' "$name" "$version" "$id" "$name" "$(escaped "$version")" \
		"$distro"
}

from_tools() {
	local name version

	case ${1##*/} in
	libpq.a | libpgcommon*.a | libpgport*.a)
		name=postgresql version=$(pg_config --version | sed 's/^PostgreSQL \([^ ]*\).*/\1/')
		;;
	libssl.a | libcrypto.a) name=openssl version=$(pkg-config --modversion openssl) ;;
	libc.a | libm.a | libm-*.a | libmvec.a) name=glibc version=$(getconf GNU_LIBC_VERSION | sed 's/^glibc //') ;;
	libgcc.a | libgcc_eh.a)
		# shellcheck disable=SC2086
		name=gcc version=$(${CC:-gcc} -dumpfullversion)
		;;
	*)
		name=${1##*/lib} name=${name%.a}
		version=$(pkg-config --modversion "$name")
		;;
	esac
	printf '%s\t%s\tpkg:generic/%s@%s\n' "$name" "$version" "$name" "$(escaped "$version")"
}

found=$(archives "$1")
if [ -z "$found" ]; then
	echo "libraries.sh: $1 names no archive; is it a map of GNU ld?" >&2
	exit 1
fi
while read -r archive; do
	from_dpkg "$archive" || from_tools "$archive"
done <<<"$found" | sort -u
