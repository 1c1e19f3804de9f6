#!/bin/bash
# Run the end-to-end tests on several servers, two at a time; say at the end how each fared.
#
#   tests/matrix.sh TESTS [SUITE ...]
#
# MATRIX names the servers: those that tests/servers.sh knows (which is what it is by default), and "debian" for the one
# in PG_BIN. What each run printed is in $SERVERS/NAME.log, and printed too where it failed.
set -euo pipefail

export SERVERS=${SERVERS:-build/servers}
here=$(dirname "$0")
read -r -a names <<<"${MATRIX:-$("$here/servers.sh" versions | tr '\n' ' ')}"

# One of them, in a process of its own: its own fault alone.
if [ "${MATRIX_OF_ONE:-}" ]; then
	name=$1
	shift
	rm -f "$SERVERS/$name.passed"
	on=("$here/servers.sh" run "$name")
	[ "$name" != debian ] || on=()
	if "${on[@]}" "$here/servers.sh" run dbmate "$@" >"$SERVERS/$name.log" 2>&1; then
		touch "$SERVERS/$name.passed"
	fi
	exit 0
fi

"$here/servers.sh" fetch
printf '%s\n' "${names[@]}" | MATRIX_OF_ONE=1 xargs -P 2 -I{} "$0" {} "$@"

status=0
for name in "${names[@]}"; do
	if [ ! -e "$SERVERS/$name.passed" ]; then
		cat "$SERVERS/$name.log"
		status=1
	fi
done
# With what they have measured or counted.
for name in "${names[@]}"; do
	echo "PostgreSQL $name: $(grep -aE '^[0-9]+%: Checks:' "$SERVERS/$name.log" || echo 'no result')"
	grep -aE ' held|longest' "$SERVERS/$name.log" | sed 's/^/    /' || true
done
exit "$status"
