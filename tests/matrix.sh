#!/bin/bash
# Run end-to-end suites: each in its own process, with its own server, several at a time.
#
#   tests/matrix.sh TESTS SUITE ...
#
# MATRIX names the servers: those of tests/servers.sh (the default), and "debian" for the one in PG_BIN. JOBS suites run
# at a time: by default two for each processor, as they wait more than they work. The result of a suite is printed as
# soon as it ends, and the output of failed suites at the end.
set -euo pipefail

here=$(dirname "$0")

# One suite on one server, in its own process.
if [ "${MATRIX_WORK:-}" ]; then
	tests=$1 server=$2 suite=$3
	log=$MATRIX_WORK/$server.$suite.log
	[ "$server" = debian ] || export PG_BIN=$MATRIX_WORK/$server/native/bin
	"$tests" "$suite" >"$log" 2>&1 || mv "$log" "$log.failed"
	# With its measurements or counts.
	results=$(cat "$log"* | grep -aE '^[0-9]+%: Checks:| held|longest|databases: [0-9]+ complete' || echo 'no result')
	awk -v what="PostgreSQL $server, $suite" '{print what ": " $0}' <<<"$results"
	exit 0
fi

tests=$1
shift
export SERVERS=${SERVERS:-build/servers}
read -r -a names <<<"${MATRIX:-$("$here/servers.sh" versions | tr '\n' ' ')}"
MATRIX_WORK=$(mktemp -d /tmp/fitsdb-matrix.XXXXXX)
export MATRIX_WORK
trap 'rm -rf "$MATRIX_WORK"' EXIT
trap 'exit 130' INT TERM HUP
chmod 755 "$MATRIX_WORK"

for name in "${names[@]}"; do
	[ "$name" = debian ] || "$here/servers.sh" unpack "$name" "$MATRIX_WORK/$name"
done
if [[ " $* " == *" dbmate "* ]]; then
	"$here/servers.sh" unpack dbmate "$MATRIX_WORK/dbmate"
	export DBMATE=$MATRIX_WORK/dbmate/bin/dbmate
fi

for suite in "$@"; do
	for name in "${names[@]}"; do
		echo "$name $suite"
	done
done | xargs -P "${JOBS:-$((2 * $(nproc)))}" -L 1 "$0" "$tests"

failed=0
for log in "$MATRIX_WORK"/*.failed; do
	[ -e "$log" ] || continue
	failed=1
	log_name=$(basename "$log" .log.failed)
	echo "--- PostgreSQL ${log_name%.*}, ${log_name#*.}:"
	cat "$log"
done
exit "$failed"
