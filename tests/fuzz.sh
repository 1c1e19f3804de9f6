#!/bin/bash
# Run the fuzzer's targets, one after the other, each for so many seconds; print a summary at the end.
#
#   tests/fuzz.sh FOLDER SECONDS TARGET ...
#
# FOLDER has the targets as FOLDER/TARGET. Interesting inputs are kept in FOLDER/corpus, and the next run goes on from
# there; a finding is FOLDER/TARGET-crash-... (or leak, timeout, oom), to be run again by
# "FOLDER/TARGET FILE". UNIT_TESTS names the unit tests, whose inputs are seeds.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$1
seconds=$2
shift 2
longest=8192 # bytes of an input

make_seeds() {
	local file suite
	case $1 in
	generator)
		# Every SQL file, and the inputs of the unit tests for the same functions (without their random texts).
		for file in migrations/* tests/histories/*/*.sql fitsdata.sql; do
			head -c "$longest" "$file" >"$2/$(tr / - <<<"$file")"
		done
		for suite in gen_refused_folders gen_rules gen_successful_runs gen_sections gen_source gen_split; do
			FUZZ_SEEDS=$2 CK_RUN_SUITE=$suite "$UNIT_TESTS" >/dev/null
		done
		;;
	options)
		printf '%s\n' upgrade 18 postgresql:///fitsdata >"$2/1"
		printf '%s\n' status --wait=5s --short -h /tmp -p 5433 -U me -w --json --verbose >"$2/2"
		printf '%s\n' --lock-timeout=500ms --lock-retries 3 --lock-wait=1.5min --role=r --allow-pooler upgrade >"$2/3"
		printf '%s\n' show --down 017 >"$2/4"
		printf '%s\n' -Vé --no-color ' ' -- -x >"$2/5"
		;;
	record)
		echo '[]' >"$2/1"
		echo '[{"sql":"DROP INDEX CONCURRENTLY ix","concurrent":true,"index":"ix"},{"sql":"SELECT 1"}]' >"$2/2"
		printf '\5\0\0\0\3\0\0\0-- migrate:up\nSELECT é;\n' >"$2/3"
		;;
	esac
}

run_target() {
	local seeds=$folder/seeds/$1

	rm -rf "$seeds"
	mkdir -p "$seeds" "$folder/corpus/$1"
	make_seeds "$1" "$seeds"
	"$folder/$1" -max_total_time="$seconds" -max_len="$longest" -timeout=60 -rss_limit_mb=2048 \
		-dict="tests/fuzz/$1.dict" -print_final_stats=1 -artifact_prefix="$folder/$1-" "$folder/corpus/$1" "$seeds" \
		>"$folder/$1.log" 2>&1
}

status=0
for target in "$@"; do
	if run_target "$target"; then
		result='no finding'
	else
		result="a FINDING, see $folder/$target.log"
		tail -n 40 "$folder/$target.log"
		status=1
	fi
	executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/$target.log")
	kept=$(find "$folder/corpus/$target" -type f | wc -l)
	echo "fuzz: $target: ${executions:-?} inputs in at most $seconds s, $kept" \
		"kept: $result"
done
exit "$status"
