#!/bin/bash
# Run the end-to-end tests on every server that tests/servers.sh knows, two at a time; say at the end how each fared.
#
#   tests/matrix.sh TESTS [SUITE ...]
#
# What each run printed is in $SERVERS/NAME.log, and printed too where it failed.
set -euo pipefail

export SERVERS=${SERVERS:-build/servers}
here=$(dirname "$0")

# One of them, in a process of its own: its own fault alone.
if [ "${MATRIX_OF_ONE:-}" ]; then
	name=$1
	shift
	rm -f "$SERVERS/$name.passed"
	if "$here/servers.sh" run "$name" "$here/servers.sh" run dbmate "$@" >"$SERVERS/$name.log" 2>&1; then
		touch "$SERVERS/$name.passed"
	fi
	exit 0
fi

# Throwaway data in memory, where there is enough of it.
free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "${free:-0}" -gt 4000000 ]; then
	export TMPDIR=/dev/shm
fi

"$here/servers.sh" fetch
"$here/servers.sh" versions | MATRIX_OF_ONE=1 xargs -P 2 -I{} "$0" {} "$@"

status=0
for name in $("$here/servers.sh" versions); do
	if [ ! -e "$SERVERS/$name.passed" ]; then
		cat "$SERVERS/$name.log"
		status=1
	fi
done
for name in $("$here/servers.sh" versions); do
	echo "PostgreSQL $name: $(grep -E '^[0-9]+%: Checks:' "$SERVERS/$name.log" || echo 'no result')"
done
exit "$status"
