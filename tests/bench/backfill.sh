#!/bin/bash
# Measure a batched backfill, and compare it with one UPDATE statement; measure the waits of a concurrent writer.
#
#   FSYNC=on tests/throwaway.sh tests/bench/backfill.sh EXECUTABLE
#
# Migration 38 goes through ROWS rows of diskfile (2,000,000) while a writer is at work: it changes a row, any of them,
# one after the other as fast as it can, and inserts one now and then. Both ways begin with a copy of the same database.
# Printed are the ratio of the times (aim: at most 1.3), the longest wait of the writer (aim: under 100 ms), and the
# most memory that the client had. The exit status is 0 if everything was measured, whether or not an aim is met.
set -euo pipefail

tool=$1
rows=${ROWS:-2000000}
bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PGUSER=fitsdata

admin() {
	psql -U postgres -X -q -v ON_ERROR_STOP=1 -d postgres -c 'SET client_min_messages = warning' "$@"
}

# The statement of migration 38 with bounds that no key reaches.
single_update() {
	"$tool" show 38 | sed -n '/^UPDATE/,/;$/p' | sed "s/\\\$1/0/; s/\\\$2/2147483647/"
}

make_original() {
	admin -c 'CREATE DATABASE original OWNER fitsdata'
	"$tool" show 0 | psql -X -q -v ON_ERROR_STOP=1 -d original
	"$tool" stamp 0 --quiet -d original
	"$tool" upgrade 37 --quiet -d original 2>/dev/null
	psql -X -q -v ON_ERROR_STOP=1 -d original <<-END
		INSERT INTO file (name) VALUES ('any');
		INSERT INTO diskfile (file_id, filename, path, present, canonical, file_md5, file_size, lastmod, entrytime)
			SELECT 1, format('N%sS%s.fits', to_char(date '2000-01-01' + i / 400, 'YYYYMMDD'),
				to_char(i % 400, 'FM0000')), '', true, true, md5(i::text), i, now(), now()
			FROM generate_series(1, $rows) i;
	END
	psql -U postgres -X -q -d original -c 'VACUUM ANALYZE diskfile' -c CHECKPOINT
}

# A writer in database $1, which logs each of its transactions.
start_writer() {
	cat >"$work/writer.sql" <<-END
		\\set id random(1, $rows)
		\\set kind random(1, 20)
		\\if :kind = 1
		INSERT INTO diskfile (file_id, filename, lastmod) VALUES (1, 'N20230101S0001.fits', now());
		\\else
		UPDATE diskfile SET mdready = true WHERE id = :id;
		\\endif
	END
	"$bin/pgbench" -n -c 1 -T 3600 -R 100 -f "$work/writer.sql" -l --log-prefix="$work/$1" "$1" >/dev/null 2>&1 &
	writer=$!
	sleep 2
}

# The longest wait of the writer in milliseconds, and how many times it wrote; not how late it was to begin.
end_writer() {
	# What it waits for has just ended. Cut off, it still writes down all that it has measured.
	sleep 2
	admin -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgbench'" >"$work/ended"
	wait "$writer" 2>/dev/null || true
	awk '{if ($3 - $7 > most) most = $3 - $7} END {printf "%d %d\n", most / 1000, NR}' "$work/$1".[0-9]*
}

# Run a command on a copy of the database, with the writer.
measure() {
	local name=$1 began ended

	shift
	admin -c "CREATE DATABASE $name OWNER fitsdata TEMPLATE original"
	psql -U postgres -X -q -d "$name" -c CHECKPOINT
	start_writer "$name"
	began=$EPOCHREALTIME
	/usr/bin/time -f %M -o "$work/memory" "$@" -d "$name" >/dev/null 2>"$work/messages" || {
		cat "$work/messages" >&2
		echo "bench: failed: $*" >&2
		exit 1
	}
	ended=$EPOCHREALTIME
	seconds=$(((${ended/./} - ${began/./}) / 1000))
	read -r longest writes < <(end_writer "$name")
	memory=$(tail -1 "$work/memory")
	left=$(psql -XAt -d "$name" -c 'SELECT count(*) FROM diskfile WHERE id <= '"$rows"' AND datafile_timestamp IS NULL')
	[ "$left" = 0 ] || {
		echo "bench: $name left $left rows" >&2
		exit 1
	}
	admin -c "DROP DATABASE $name"
	printf '%-8s %d rows in %.1f s; the writer wrote %d times and waited %d ms at most; the client had %d kB\n' \
		"$name" "$rows" "${seconds}e-3" "$writes" "$longest" "$memory"
}

make_original
single_update >"$work/single.sql"
measure single psql -X -q -v ON_ERROR_STOP=1 -f "$work/single.sql"
single=$seconds
measure batched "$tool" upgrade 38 --quiet --lock-retries=1000
awk -v batched="$seconds" -v single="$single" -v longest="$longest" 'BEGIN {
	printf "  ratio %.2f, aim at most 1.3: %s\n", batched / single, batched <= 1.3 * single ? "met" : "not met"
	printf "  longest wait %d ms, aim under 100: %s\n", longest, longest < 100 ? "met" : "not met"
}'
