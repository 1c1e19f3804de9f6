#!/bin/bash
# Install the Debian packages that are missing, as root or through sudo.
#
#   tests/deps.sh PACKAGE ...
set -euo pipefail

missing=()
for package in "$@"; do
	dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
done
# If npm came with a Node.js that is not Debian's, Debian's package is not needed, and would conflict.
if command -v npm >/dev/null; then
	for i in "${!missing[@]}"; do
		[ "${missing[i]}" != npm ] || unset 'missing[i]'
	done
fi
if [ "${#missing[@]}" = 0 ]; then
	echo "nothing to install"
	exit 0
fi

if ! command -v apt-get >/dev/null; then
	echo "deps: this is not Debian; install what these packages are called there: ${missing[*]}" >&2
	exit 1
elif [ "$(id -u)" = 0 ]; then
	as_root=()
elif command -v sudo >/dev/null && sudo -v; then
	as_root=(sudo)
else
	echo "deps: neither root nor sudo; have these packages installed: ${missing[*]}" >&2
	exit 1
fi

echo "installing: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	"${missing[@]}" >/dev/null
