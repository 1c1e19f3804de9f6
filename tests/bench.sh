#!/bin/bash
# Measure the executable, and compare it with the least time that the same work takes on this machine.
#
#   FSYNC=on tests/throwaway.sh tests/bench.sh BUILD
#
# status    against BUILD/floor: connect, ask for the version, print it
# upgrade   from 0 to the latest, against psql with the same statements in the same transactions
# verify, identify   against psql with the latest schema (fitsdata.sql) in one transaction, in a database that is there
# building the schema, as verify does   against psql with the same migrations: by the server's log, from the beginning
#           to the end of the session, but for the query of the catalogs
# a batched backfill   against one UPDATE statement, with a writer at work: tests/bench/backfill.sh
#
# The two of a pair run one after the other, in alternating order, so that other load hits both alike.
# Whole processes are timed, from fork to exit. The ratio is the median of the pairs' ratios; it need not be that of the
# medians. PAIRS and UPGRADE_PAIRS are the numbers of pairs, ROWS is the number of rows of the backfill. The exit status
# is 0 if everything was measured, whether or not an aim is met.
set -euo pipefail

build=$1
tool=$build/fitsdb-schema
floor=$build/floor
pairs=${PAIRS:-200}
upgrade_pairs=${UPGRADE_PAIRS:-15}
schema=fitsdata.sql

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

admin() {
	psql -U postgres -X -q -v ON_ERROR_STOP=1 -d postgres -c 'SET client_min_messages = warning' -c "$1"
}

# Run a command; the variable `took` becomes its time in microseconds.
measure() {
	local began ended

	began=$EPOCHREALTIME
	"$@" >/dev/null 2>"$work/messages" || {
		cat "$work/messages" >&2
		echo "bench: failed: $*" >&2
		exit 1
	}
	ended=$EPOCHREALTIME
	took=$((${ended/./} - ${began/./}))
}

# A percentile of the numbers on stdin.
quantile() {
	sort -n | awk -v part="$1" '{v[NR] = $1} END {print v[1 + int((NR - 1) * part / 100 + 0.5)]}'
}

# Print the results of a file of pairs (microseconds of ours, of the other).
report() {
	local file=$1 ours=$2 other=$3 aim=$4

	awk '{print $1 / $2}' "$file" >"$work/ratios"
	awk -v a="$(cut -d' ' -f1 "$file" | quantile 50)" -v b="$(cut -d' ' -f2 "$file" | quantile 50)" \
		-v ratio="$(quantile 50 <"$work/ratios")" -v low="$(quantile 25 <"$work/ratios")" \
		-v high="$(quantile 75 <"$work/ratios")" -v pairs="$(wc -l <"$file")" \
		-v ours="$ours" -v other="$other" -v aim="$aim" 'BEGIN {
			printf "%s %.1f ms, %s %.1f ms, medians of %d pairs\n", ours, a / 1000, other, b / 1000, pairs
			printf "  ratio %.2f (half of them from %.2f to %.2f), aim at most %.1f: %s\n", ratio, low, high, aim,
				ratio <= aim ? "met" : "not met"
		}'
}

bench_status() {
	local i ours other

	for ((i = 0; i < pairs; i++)); do
		if ((i % 2)); then
			measure "$floor"
			other=$took
			measure "$tool" status
			echo "$took $other"
		else
			measure "$tool" status
			ours=$took
			measure "$floor"
			echo "$ours $took"
		fi
	done >"$work/status"
	report "$work/status" status floor 1.1
}

# A fresh copy of the database at version 0, whose caches are warm and whose pages have been written out.
fresh() {
	admin "DROP DATABASE IF EXISTS $1"
	admin "CREATE DATABASE $1 OWNER fitsdata TEMPLATE at_0"
	psql -U postgres -X -q -d "$1" -c CHECKPOINT
}

bench_upgrade() {
	local i ours other

	for ((i = 0; i < upgrade_pairs; i++)); do
		fresh by_tool
		fresh by_psql
		if ((i % 2)); then
			measure psql -X -q -d by_psql -f "$work/upgrade.sql"
			other=$took
			measure "$tool" upgrade -d by_tool
			echo "$took $other"
		else
			measure "$tool" upgrade -d by_tool
			ours=$took
			measure psql -X -q -d by_psql -f "$work/upgrade.sql"
			echo "$ours $took"
		fi
		"$tool" status --quiet -d by_tool
		"$tool" status --quiet -d by_psql
	done >"$work/upgrade"
	report "$work/upgrade" upgrade "psql -f" 1.0
}

# A command that knows the schema, against psql, which only creates it.
bench_schema() {
	local command=$1 aim=$2 i ours other

	for ((i = 0; i < upgrade_pairs; i++)); do
		admin 'DROP DATABASE IF EXISTS by_psql'
		admin 'CREATE DATABASE by_psql OWNER fitsdata'
		psql -U postgres -X -q -d by_psql -c CHECKPOINT
		if ((i % 2)); then
			measure psql -X -q -1 -d by_psql -f "$schema"
			other=$took
			measure "$tool" "$command" -U postgres
			echo "$took $other"
		else
			measure "$tool" "$command" -U postgres
			ours=$took
			measure psql -X -q -1 -d by_psql -f "$schema"
			echo "$ours $took"
		fi
	done >"$work/$command"
	report "$work/$command" "$command" "psql -f" "$aim"
}

# The migrations for psql, each in a transaction; without batched statements, which do nothing here.
as_written() {
	local file version

	for file in migrations/[0-9]*.sql; do
		version=$(basename "$file" | sed 's/^0*\([0-9]\)/\1/; s/_.*//')
		if grep -q '^-- migrate:batch' "$file"; then
			continue
		elif grep -q '^-- migrate:up transaction:false' "$file"; then
			"$tool" show "$version"
		else
			echo 'BEGIN;'
			"$tool" show "$version"
			echo 'COMMIT;'
		fi
	done
	cat migrations/grants.sql
}

# The microseconds of the last session in a database of this name, without its one query of the catalogs.
session_time() {
	awk -v database="database=$1" '
		{ match($0, /\[[0-9]+\]/); process = substr($0, RSTART, RLENGTH) }
		match($0, /duration: [0-9.]+ ms  [a-z]+ <unnamed>: SELECT q\.\*/) {
			split($0, word, "duration: ")
			reading[process] += word[2]
		}
		match($0, /disconnection: session time: [0-9:.]+/) && index($0, database) {
			split(substr($0, RSTART, RLENGTH), part, /: |:/)
			took = ((part[3] * 60 + part[4]) * 60 + part[5]) * 1000 - reading[process]
		}
		END { printf "%d\n", took * 1000 }' "$PGHOST/log"
}

bench_building() {
	local i

	psql -U postgres -X -q -c 'ALTER SYSTEM SET log_disconnections = on' \
		-c "ALTER SYSTEM SET log_min_duration_statement = '1ms'" -c 'SELECT pg_reload_conf()' >"$work/reloaded"
	as_written >"$work/written.sql"
	for ((i = 0; i < upgrade_pairs; i++)); do
		admin 'DROP DATABASE IF EXISTS by_psql'
		admin 'CREATE DATABASE by_psql OWNER fitsdata'
		psql -U postgres -X -q -d by_psql -c CHECKPOINT
		if ((i % 2)); then
			measure "$tool" verify -U postgres
			measure psql -X -q -v ON_ERROR_STOP=1 -d by_psql -f "$work/written.sql"
		else
			measure psql -X -q -v ON_ERROR_STOP=1 -d by_psql -f "$work/written.sql"
			measure "$tool" verify -U postgres
		fi
		# The server writes it down a moment after the session has ended.
		sleep 0.1
		echo "$(session_time fitsdb_schema_shadow) $(session_time by_psql)"
	done >"$work/building"
	psql -U postgres -X -q -c 'ALTER SYSTEM RESET ALL' -c 'SELECT pg_reload_conf()' >"$work/reloaded"
	report "$work/building" "building the schema" "psql -f" 1.0
}

export PGUSER=fitsdata
echo "server: PostgreSQL $(psql -XAt -c 'SHOW server_version'), fsync $(psql -XAt -c 'SHOW fsync')"

admin 'CREATE DATABASE at_0 OWNER fitsdata'
"$tool" show 0 | psql -X -q -v ON_ERROR_STOP=1 -d at_0
"$tool" stamp 0 --quiet -d at_0
"$tool" upgrade --sql -d at_0 >"$work/upgrade.sql"

"$tool" init --quiet
bench_status
bench_upgrade
bench_schema verify 3.0
bench_building
bench_schema identify 5.0
tests/bench/backfill.sh "$tool"
