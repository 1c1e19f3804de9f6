#!/bin/bash
# The demo: an archive database, as sqlalchemy-migrate left it at version 18, is upgraded, downgraded, and upgraded
# again. Fails if anything is not as expected.
#
#   tests/throwaway.sh tests/demo.sh EXECUTABLE
set -euo pipefail

executable=$(realpath -- "$1")
PATH=$(dirname -- "$executable"):$PATH
export PATH PGUSER=fitsdata PGOPTIONS='-c client_min_messages=warning'

# Print a command and its output; its exit status must be the expected one.
run() {
	local expected=$1 status=0 word

	shift
	printf '\n$'
	for word in "$@"; do
		case $word in
			*' '*) printf ' "%s"' "$word" ;;
			*) printf ' %s' "$word" ;;
		esac
	done
	echo
	"$@" || status=$?
	if [ "$status" != "$expected" ]; then
		echo "demo: \"$*\" should exit with $expected, not $status" >&2
		exit 1
	fi
	if [ "$expected" != 0 ]; then
		printf '$ echo $?\n%s\n' "$expected"
	fi
}

say() {
	printf '\n# %s\n' "$@"
}

sql() {
	psql -X -q -v ON_ERROR_STOP=1 "$@"
}

# The numbers of rows, and of headers with a processing mode, in the column of either name.
count_rows() {
	local mode

	mode=$(sql -At -c "SELECT attname FROM pg_attribute WHERE attrelid = 'header'::regclass
		AND attname IN ('procsci', 'procmode') AND NOT attisdropped")
	sql -At -F ' ' <<-END
		SELECT format('SELECT %L, count(*) FROM public.%I', t, t)
		FROM unnest('{archiveuser, diskfile, exportqueue, file, gmos, header, program, programpublication, publication,
			tapefile, target, userprogram}'::text[]) t \gexec
		SELECT 'header:' || m, count(*) FROM (SELECT $mode AS m FROM header) h
			WHERE m IS NOT NULL GROUP BY m ORDER BY m;
	END
}

check_rows() {
	after=$(count_rows)
	if [ "$after" != "$before" ]; then
		echo "demo: rows were lost or made" >&2
		diff <(echo "$before") <(echo "$after") >&2 || true
		exit 1
	fi
}

# Version 18, one script after the other, as an old database was upgraded; then its rows.
make_old_database() {
	fitsdb-schema show 0 | sql
	fitsdb-schema stamp 0 --quiet
	fitsdb-schema upgrade 18 --quiet
	sql <<-'END'
		INSERT INTO archiveuser (username, fullname, email, gemini_staff, account_created)
			SELECT 'observer' || i, 'Observer ' || i, 'observer' || i || '@example.edu', i % 10 = 0, '2016-06-01'
			FROM generate_series(1, 80) i;
		INSERT INTO program (program_id, pi_coi_names, title, science_band, completion)
			SELECT format('G%s-2020A-Q-%s', substr('NS', i % 2 + 1, 1), i), 'Observer ' || i, 'A survey, part ' || i,
				i % 4 + 1, i % 101 || '%'
			FROM generate_series(1, 120) i;
		INSERT INTO userprogram (user_id, program_id)
			SELECT i % 80 + 1, p.program_id FROM program p, generate_series(1, 3) i;
		INSERT INTO file (name)
			SELECT format('%s%s%s.fits', substr('NS', i % 2 + 1, 1),
				to_char(date '2020-07-01' + i / 200, 'YYYYMMDD"S"'),
				to_char(i % 200 + 1, 'FM0000'))
			FROM generate_series(0, 5999) i;
		INSERT INTO diskfile (file_id, filename, path, present, canonical, file_md5, file_size, lastmod, entrytime,
				compressed, data_size, isfits, mdready, datafile_timestamp)
			SELECT id, name || '.bz2', '', true, true, md5(name), 4000000 + id, now(), now(), true, 16000000 + id, true,
				true, NULL
			FROM file;
		INSERT INTO header (diskfile_id, program_id, observation_id, data_label, telescope, instrument, ut_datetime,
				observation_type, observation_class, object, ra, dec, exposure_time, procsci)
			SELECT id, 'GN-2020A-Q-' || id % 120 + 1, format('GN-2020A-Q-%s-%s', id % 120 + 1, id % 40),
				format('GN-2020A-Q-%s-%s-001', id % 120 + 1, id % 40),
				CASE id % 2 WHEN 0 THEN 'Gemini-North' ELSE 'Gemini-South' END::telescope,
				CASE id % 2 WHEN 0 THEN 'GMOS-N' ELSE 'GMOS-S' END, timestamp '2020-07-01' + id * interval '3 min',
				(ARRAY['OBJECT', 'FLAT', 'ARC', 'BIAS'])[id % 4 + 1]::obstype,
				(ARRAY['science', 'partnerCal', 'progCal', 'dayCal'])[id % 4 + 1]::obsclass, 'NGC ' || id % 7840 + 1,
				id % 360, id % 180 - 90, 300, (ARRAY['sq', 'ql', 'qa', NULL])[id % 4 + 1]::procsci
			FROM diskfile;
		INSERT INTO gmos (header_id, disperser, filter_name, detector_x_bin, detector_y_bin, amp_read_area,
				read_speed_setting, gain_setting)
			SELECT id, 'B600+_G5323', 'open1-6', 2, 2, '[''EEV_9273-16-03, right'':[1:1024,1:4608]]', 'slow', 'low'
			FROM header;
		INSERT INTO exportqueue (filename, path, destination, inprogress, failed, added)
			SELECT name, '', 'https://archive.example.edu', false, false, now() FROM file WHERE id % 20 = 0;
		INSERT INTO tape (label, firstwrite, active, "full") SELECT 'GEM2020-' || i, '2020-07-01', true, false
			FROM generate_series(1, 3) i;
		INSERT INTO tapewrite (tape_id, filenum, startdate, suceeded) SELECT id, 1, '2020-07-02', true FROM tape;
		INSERT INTO tapefile (tapewrite_id, filename, size, md5, compressed, data_size)
			SELECT id % 3 + 1, filename, file_size, file_md5, compressed, data_size FROM diskfile;
		INSERT INTO publication (bibcode, title, year, journal)
			SELECT format('2020AJ....160..%sX', 100 + i), 'On survey ' || i, 2020, 'AJ' FROM generate_series(1, 100) i;
		INSERT INTO programpublication (prog_id, pub_id, program_text_id, bibcode)
			SELECT r.id, u.id, r.program_id, u.bibcode FROM program r JOIN publication u ON u.id = r.id;
		DROP SCHEMA fitsdb_schema CASCADE;
	END
}

echo "# A throwaway server is running. It gets an archive database at version 18, as sqlalchemy-migrate leaves one ..."
make_old_database
before=$(count_rows)

say "Its version stands where sqlalchemy-migrate put it."
run 0 psql -X -c 'SELECT * FROM migrate_version'
run 0 psql -X -c 'SELECT filename, file_size, compressed FROM diskfile ORDER BY id DESC LIMIT 3'

say "What a health check sees:"
run 1 fitsdb-schema status

say "One command brings it to the last version that the software of 2023 runs on."
run 0 fitsdb-schema upgrade 39
run 0 fitsdb-schema status --at-least=2023-01
check_rows

say "What was done, when, and by whom:"
run 0 fitsdb-schema log

say "Back to 18, as before a deploy that went wrong, and up again. It lists the data that would be destroyed, and asks."
run 3 fitsdb-schema downgrade 18 </dev/null
run 0 fitsdb-schema downgrade 18 --yes
check_rows
run 1 fitsdb-schema status --short
run 0 fitsdb-schema upgrade 39
run 0 fitsdb-schema status --short --at-least=2023-01
check_rows

say "Then to the version of this build, for the software of 2026. It lists the data that leaves its table, and asks, too."
run 3 fitsdb-schema upgrade </dev/null
run 0 fitsdb-schema upgrade --yes
run 0 fitsdb-schema status

say "Rows before and after the first two upgrades (at the end headers by processing mode, whose column was renamed on the way):"
join <(echo "$before" | nl) <(echo "$after" | nl) |
	awk 'BEGIN {printf "\n  %-20s %7s %7s\n", "table", "before", "after"} {printf "  %-20s %7d %7d\n", $2, $3, $5}'

say "The server and its database are gone when this ends. What stays:"
echo
printf '  %-20s %s\n' \
	'the executable' "$executable" \
	'to install it' 'make install (PREFIX=/usr/local, DESTDIR=)' \
	'the migrations' 'migrations/' \
	'how to use it' 'README.md'
