#!/bin/bash
# Measure the executable, and compare it with the least time that the same work takes on this machine.
#
#   FSYNC=on tests/throwaway.sh tests/bench.sh BUILD
#
# status    against BUILD/floor: connect, ask for the version, print it
# upgrade   from 0 to the latest, against psql with the same statements in the same transactions
# plan      from 18 to the latest, against status
# downgrade from the latest to 5, which destroys no row, against psql with the same statements in the same transactions
# verify    against status, and against BUILD/floor that sends the same queries of the catalogs in one message
# identify  against verify
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

# Measure a command of ours against another program, both of which change nothing.
#
#   bench_pair NAME OTHER AIM COUNT OUR_COMMAND -- OTHER_COMMAND...
bench_pair() {
	local name=$1 other_name=$2 aim=$3 count=$4 command=$5 i ours
	shift 6

	for ((i = 0; i < count; i++)); do
		if ((i % 2)); then
			measure "$@"
			ours=$took
			measure "$tool" "$command"
			echo "$took $ours"
		else
			measure "$tool" "$command"
			ours=$took
			measure "$@"
			echo "$ours $took"
		fi
	done >"$work/pairs"
	report "$work/pairs" "$name" "$other_name" "$aim"
}

# A fresh copy of a database, whose caches are warm and whose pages have been written out.
fresh() {
	admin "DROP DATABASE IF EXISTS $1"
	admin "CREATE DATABASE $1 OWNER fitsdata TEMPLATE $2"
	psql -U postgres -X -q -d "$1" -c CHECKPOINT
}

# Measure a command of ours that changes a copy of a database against psql with a script.
#
#   bench_script NAME TEMPLATE SCRIPT AIM STATUS OUR_COMMAND...
bench_script() {
	local name=$1 template=$2 script=$3 aim=$4 check=$5 i ours other
	shift 5

	for ((i = 0; i < upgrade_pairs; i++)); do
		fresh by_tool "$template"
		fresh by_psql "$template"
		if ((i % 2)); then
			measure psql -X -q -v ON_ERROR_STOP=1 -d by_psql -f "$script"
			other=$took
			measure "$tool" "$@" -d by_tool
			echo "$took $other"
		else
			measure "$tool" "$@" -d by_tool
			ours=$took
			measure psql -X -q -v ON_ERROR_STOP=1 -d by_psql -f "$script"
			echo "$ours $took"
		fi
		"$check" by_tool
		"$check" by_psql
	done >"$work/scripted"
	report "$work/scripted" "$name" "psql -f" "$aim"
}

is_latest() {
	"$tool" status --quiet -d "$1"
}

is_at_5() {
	[ "$(psql -XAt -d "$1" -c 'SELECT version FROM migrate_version')" = 5 ]
}

# The down statements from the latest to 5, each version in a transaction with its version change, its record and
# grants.sql, as the script of the upgrade has them.
downgrade_script() {
	local version begin commit

	for ((version = $(psql -XAt -c 'SELECT version FROM migrate_version'); version > 5; version--)); do
		"$tool" show "$version" --down >"$work/down.sql"
		begin='BEGIN;' commit='COMMIT;'
		! grep -q CONCURRENTLY "$work/down.sql" || begin='' commit=''
		echo "$begin"
		cat "$work/down.sql" "${MIGRATIONS:-migrations}/grants.sql"
		cat <<-SQL
			UPDATE migrate_version SET version = $((version - 1)) WHERE version = $version;
			DELETE FROM fitsdb_schema.migration WHERE version = $version;
			UPDATE fitsdb_schema.standing SET version = $((version - 1)), settled = true;
			INSERT INTO fitsdb_schema.change (id, command, version_from, version_to, state, build, from_host)
				SELECT coalesce(max(id), 0) + 1, 'downgrade', $version, $((version - 1)), 'done', '', ''
				FROM fitsdb_schema.change;
			$commit
		SQL
	done
}

# The statements that verify sends to read the catalogs, as one message: by the server's log.
catalog_queries() {
	psql -U postgres -X -q -c "ALTER SYSTEM SET log_statement = 'all'" -c 'SELECT pg_reload_conf()' >"$work/reloaded"
	sleep 0.2
	"$tool" verify >"$work/verified"
	psql -U postgres -X -q -c 'ALTER SYSTEM RESET ALL' -c 'SELECT pg_reload_conf()' >"$work/reloaded"
	awk -F'execute [^:]*: ' '/ REPEATABLE READ / {reading = 1} reading && NF > 1 {print $2 ";"} $2 == "COMMIT" {exit}' \
		"$PGHOST/log" | sed '$d'
}

export PGUSER=fitsdata
echo "server: PostgreSQL $(psql -XAt -c 'SHOW server_version'), fsync $(psql -XAt -c 'SHOW fsync')"

admin 'CREATE DATABASE at_0 OWNER fitsdata'
"$tool" show 0 | psql -X -q -v ON_ERROR_STOP=1 -d at_0
"$tool" stamp 0 --quiet -d at_0
"$tool" upgrade --sql -d at_0 >"$work/upgrade.sql"

"$tool" init --quiet
bench_pair status floor 1.1 "$pairs" status -- "$floor"
fresh at_18 at_0
"$tool" upgrade 18 --quiet -d at_18
PGDATABASE=at_18 bench_pair plan status 15.0 "$pairs" plan -- "$tool" status -d fitsdata
bench_script upgrade at_0 "$work/upgrade.sql" 1.0 is_latest upgrade
downgrade_script >"$work/downgrade.sql"
bench_script downgrade fitsdata "$work/downgrade.sql" 0.9 is_at_5 downgrade 5
bench_pair verify status 6.0 "$pairs" verify -- "$tool" status
catalog_queries >"$work/catalogs.sql"
bench_pair verify "the same queries alone" 1.5 "$pairs" verify -- "$floor" "$work/catalogs.sql"
bench_pair identify verify 1.3 "$pairs" identify -- "$tool" verify
tests/bench/backfill.sh "$tool"
