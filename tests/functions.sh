#!/bin/bash
# Functions for scripts in tests. A script sources this file after it has set $work, a folder of its own.
# shellcheck disable=SC2154

# Print why the script fails, and end it.
fail() {
	echo "$(basename "$0" .sh): $*" >&2
	exit 1
}

# A command must end with this exit status, and TEXT be in what it prints: STATUS TEXT COMMAND [ARGUMENT ...].
expect() {
	local status=0 expected=$1 text=$2

	shift 2
	"$@" >"$work/out" 2>&1 || status=$?
	if [ "$status" != "$expected" ] || ! grep -F -- "$text" "$work/out" >/dev/null; then
		cat "$work/out" >&2
		fail "\"$*\" ended with $status, not with $expected and \"$text\""
	fi
}

# Call the script again as root, in a network and with mounts of its own, with a server that also listens on 127.0.0.1:
# [ARGUMENT ...].
restart_in_own_network() {
	LISTEN=127.0.0.1 exec unshare --net --mount bash -euc 'ip link set lo up; exec "$@"' - \
		"$(dirname "$0")/throwaway.sh" "$0" "$@"
}
