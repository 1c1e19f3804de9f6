#!/bin/bash
# Are the examples in docs/deploy right, and the commands in docs/roll-back.md and docs/from-sqlalchemy-migrate.md?
#
#   tests/throwaway.sh tests/deploy.sh BUILD
#
# Each is run on the server. The commands of the pages run in a folder of their own, with another /usr/local/bin: "make
# check-docs" compares their output, but does not run other programs.
set -euo pipefail
export LC_ALL=C.UTF-8

build=$(realpath "$1")
top=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
export PGUSER=fitsdata

fail() {
	echo "deploy: $*" >&2
	exit 1
}

admin() {
	psql -U postgres -X -q -v ON_ERROR_STOP=1 -d postgres -c 'SET client_min_messages = warning' -c "$1"
}

fresh_database() {
	admin 'DROP DATABASE IF EXISTS fitsdata'
	admin 'CREATE DATABASE fitsdata OWNER fitsdata'
}

version() {
	psql -XAt -c 'SELECT version FROM migrate_version'
}

# Record a change that leaves a migration incomplete: its fields, as arguments of json_build_object.
record_incomplete() {
	psql -X -q -v ON_ERROR_STOP=1 -c "INSERT INTO fitsdb_schema.change SELECT (c).* FROM (SELECT json_populate_record(c,
		json_build_object('id', c.id + 1, 'command', 'upgrade', $1)) AS c FROM fitsdb_schema.change c
		ORDER BY id DESC LIMIT 1) c" \
		-c 'UPDATE fitsdb_schema.standing SET settled = false'
}

# --- the role ---

run_playbook() {
	ANSIBLE_LOCALHOST_WARNING=False ANSIBLE_NOCOLOR=1 ANSIBLE_ROLES_PATH=$top/docs/deploy/ansible/roles \
		ansible-playbook -i 'archive,' -c local -e ansible_python_interpreter=/usr/bin/python3 \
		-e "fitsdb_schema_executable=$build/fitsdb-schema fitsdb_schema_path=$work/bin/fitsdb-schema" \
		"$@" "$top/docs/deploy/ansible/playbook.yml" >"$work/play" 2>&1
}

# Run it; it must succeed, with so many changed tasks.
play() {
	local changed=$1

	shift
	run_playbook "$@" || {
		cat "$work/play"
		fail "the playbook has failed"
	}
	grep -q "changed=$changed " "$work/play" || {
		cat "$work/play"
		fail "not $changed tasks were changed"
	}
}

# Run it, in check mode and for real: it must fail with this message, and the executable must not change.
expect_refusal() {
	local reason=$1 mode

	shift
	for mode in --check --diff; do
		if run_playbook "$mode" "$@"; then
			cat "$work/play"
			fail "the playbook ($mode) has not failed with \"$reason\""
		fi
		if ! grep -q "\"msg\": .*$reason" "$work/play" || ! grep -q 'changed=0 .*failed=1 ' "$work/play"; then
			cat "$work/play"
			fail "the playbook ($mode) does not give the reason \"$reason\", or has changed something"
		fi
	done
	[ "$(cat "$work/bin/fitsdb-schema" 2>/dev/null)" = "$kept" ] ||
		fail "a refused playbook has put the executable there"
}

try_refusals() {
	local kept='an older build'

	mkdir -p "$work/bin"
	echo "$kept" >"$work/bin/fitsdb-schema"
	# What is there and under no version control is nobody's to guess at.
	fresh_database
	psql -X -q -c 'CREATE TABLE stranger (id integer)'
	expect_refusal 'not under version control.*table public.stranger.*stamp VERSION'
	psql -X -q -c 'DROP TABLE stranger'
	"$build/fitsdb-schema" init --quiet
	psql -X -q -c 'UPDATE migrate_version SET version = 99'
	expect_refusal 'ahead: database fitsdata at version 99, this build has.*Use the newer build'
	psql -X -q -c 'DELETE FROM migrate_version'
	expect_refusal 'migrate_version has no row.*stamp VERSION'
	# An incomplete migration of a newer build.
	fresh_database
	"$build/fitsdb-schema" init --quiet
	record_incomplete "'state', 'running', 'version_from', c.version_to, 'version_to', c.version_to + 1, 'statement', 1,
		'finished_at', NULL"
	expect_refusal "incomplete: .*migration $((latest + 1)).*Use the newer build"
	expect_refusal 'could not connect: .*No such file' \
		-e '{"fitsdb_schema_connection": ["--dbname=host=/nowhere user=fitsdata"]}'
	# The role has a password, and another one is said, or none.
	admin "CREATE ROLE cautious LOGIN PASSWORD 'right'"
	sed -i '1i local all cautious scram-sha-256' "$(psql -U postgres -XAt -c 'SHOW hba_file')"
	admin 'SELECT pg_reload_conf()' >/dev/null
	expect_refusal 'could not connect: .*password authentication failed for user' \
		-e '{"fitsdb_schema_connection": ["--dbname=dbname=fitsdata user=cautious password=wrong"]}'
	expect_refusal 'could not connect: .*no password supplied' \
		-e '{"fitsdb_schema_connection": ["--dbname=fitsdata", "--username=cautious", "--no-password"]}'
	# Ansible itself refuses an argument of another type.
	expect_refusal 'Validation of arguments failed' -e '{"fitsdb_schema_timeout": "long"}'
	rm "$work/bin/fitsdb-schema"
	[ -z "$(ls "$work/bin")" ] || fail "a refusal leaves $(ls "$work/bin")"
	echo "deploy: the role refuses what it should, in check mode too, and says why"
}

# A session locks the table that migration 36 builds an index on.
stop_in_the_middle() {
	local holder status=0

	"$build/fitsdb-schema" downgrade 26 --yes --quiet
	psql -X -q -c 'BEGIN' -c 'LOCK TABLE header IN SHARE UPDATE EXCLUSIVE MODE' -c 'SELECT pg_sleep(600)' \
		>/dev/null 2>&1 &
	holder=$!
	until [ "$(psql -XAt -c "SELECT count(*) FROM pg_locks WHERE relation = 'header'::regclass AND granted")" = 1 ]; do
		kill -0 "$holder" || fail "nobody holds the table"
	done
	"$build/fitsdb-schema" upgrade --quiet --lock-timeout=10ms --lock-retries=0 2>"$work/stopped" || status=$?
	admin "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ 'pg_sleep[(]600'" >/dev/null
	wait "$holder" || true
	if [ "$status" != 2 ] || [[ $("$build/fitsdb-schema" status 2>/dev/null) != incomplete:* ]]; then
		fail "the upgrade has not been left incomplete: $(cat "$work/stopped")"
	fi
}

try_role() {
	mkdir -p "$work/bin"
	# An empty database: would be made; is made, once.
	fresh_database
	play 2 --check
	[ "$(psql -XAt -c "SELECT to_regclass('migrate_version') IS NULL")" = t ] ||
		fail "check mode has changed the database"
	[ ! -e "$work/bin/fitsdb-schema" ] || fail "check mode has installed the executable"
	play 2
	[ "$(version)" = "$latest" ] || fail "the role has not brought the database to version $latest"
	play 0
	play 0 --check
	# One that is behind.
	"$build/fitsdb-schema" downgrade 36 --yes --quiet
	play 1 --check
	play 1 --check -v
	grep -q 'reconcile_with_data_models' "$work/play" || fail "check mode does not show the plan"
	[ "$(version)" = 36 ] || fail "check mode has changed the database"
	play 1
	[ "$(version)" = "$latest" ] || fail "the role has not brought the database to version $latest"
	play 0
	# The release of the software may need less than what the executable has.
	"$build/fitsdb-schema" downgrade 36 --quiet --yes
	play 1 -e fitsdb_schema_release=2023-01
	[ "$(version)" = 37 ] || fail "the role has not brought the database to the version of the release"
	play 0 -e fitsdb_schema_release=2023-01
	psql -X -q -c 'UPDATE fitsdb_schema.standing SET version = 99' -c 'UPDATE migrate_version SET version = 99'
	play 0 -e fitsdb_schema_release=2023-01
	psql -X -q -c 'UPDATE fitsdb_schema.standing SET version = 37' -c 'UPDATE migrate_version SET version = 37'
	play 1
	# A database with an incomplete upgrade.
	stop_in_the_middle
	play 1 --check
	play 1
	"$build/fitsdb-schema" status --quiet ||
		fail "the role has not finished the incomplete upgrade"
	echo "deploy: the role does what it says, and nothing the second time"
}

# The role runs as another user of the operating system, by peer authentication, with a backup. The first backup fails.
try_other_user() {
	local hba as_keeper=(-e ansible_become_method=su -e "{\"fitsdb_schema_become_user\": \"postgres\",
		\"fitsdb_schema_connection\": [\"--dbname=host=$PGHOST dbname=fitsdata user=keeper\"]}")

	hba=$(psql -U postgres -XAt -c 'SHOW hba_file')
	admin 'CREATE ROLE keeper LOGIN SUPERUSER'
	sed -i '1i local all keeper peer map=keeper' "$hba"
	echo 'keeper postgres keeper' >>"${hba%/*}/pg_ident.conf"
	admin 'SELECT pg_reload_conf()' >/dev/null
	expect_version 36
	# During the backup the new executable is already in the folder, and the old one is still in place.
	cat >"$work/backup" <<-END
		#!/bin/sh
		id -un >"$work/keeper/user"
		"$work/bin/fitsdb-schema.new" version >"$work/keeper/new"
		exec cp "$work/dump" "$work/keeper/dump"
	END
	chmod 755 "$work/backup"
	install -d -o postgres "$work/keeper"
	if run_playbook "${as_keeper[@]}" -e "{\"fitsdb_schema_backup\": [\"$work/backup\"]}"; then
		fail "a backup that failed was ignored"
	fi
	expect_version 36
	echo 'a backup' >"$work/dump"
	play 1 --check "${as_keeper[@]}" -e "{\"fitsdb_schema_backup\": [\"$work/backup\"]}"
	[ ! -e "$work/keeper/dump" ] || fail "check mode has made a backup"
	play 1 "${as_keeper[@]}" -e "{\"fitsdb_schema_backup\": [\"$work/backup\"]}"
	cmp "$work/dump" "$work/keeper/dump"
	[ "$(cat "$work/keeper/user")" = postgres ] || fail "the backup was not made by user postgres"
	"$build/fitsdb-schema" version | cmp - "$work/keeper/new"
	[ "$(psql -XAt -c 'SELECT by FROM fitsdb_schema.change ORDER BY id DESC LIMIT 1')" = keeper ] ||
		fail "the upgrade was not run by user postgres"
	# No backup without a change.
	rm "$work/keeper/dump"
	play 0 "${as_keeper[@]}" -e "{\"fitsdb_schema_backup\": [\"$work/backup\"]}"
	[ ! -e "$work/keeper/dump" ] || fail "a backup was made although there was nothing to do"
	[ "$(ls "$work/bin")" = fitsdb-schema ] || fail "the role leaves $(ls "$work/bin")"
	rmdir ~postgres/.ansible_async 2>/dev/null || true
	echo "deploy: the role runs the executable as another user, and makes a backup before a change"
}

expect_version() {
	"$build/fitsdb-schema" downgrade "$1" --yes --quiet
	[ "$(version)" = "$1" ] || fail "the database is at version $(version)"
}

# --- the units, and the checks ---

try_unit() {
	local before said unit

	mkdir -p "$work/unit"
	sed "s|/usr/local/bin/fitsdb-schema|$build/fitsdb-schema|; s|/usr/local/bin/fits-server|/bin/true|; /^User=/d" \
		"$top/docs/deploy/fits-server.service" >"$work/unit/fits-server.service"
	for unit in fitsdb-schema-upgrade.service fitsdb-schema-metrics.service fitsdb-schema-metrics.timer; do
		sed "s|=/usr/local/bin/fitsdb-schema-metrics.sh|=$top/docs/deploy/fitsdb-schema-metrics.sh|
			s|=/usr/local/bin/fitsdb-schema |=$build/fitsdb-schema |; /^User=/d" "$top/docs/deploy/$unit" >"$work/unit/$unit"
	done
	systemd-analyze verify --man=no "$work"/unit/* 2>&1 | tee "$work/verified" >&2
	[ ! -s "$work/verified" ] || fail "systemd rejects the units"
	for unit in "$top"/docs/deploy/*.service; do
		systemd-analyze security --offline=yes --threshold=20 "$unit" >"$work/exposed" 2>&1 || {
			cat "$work/exposed"
			fail "${unit##*/} is exposed by more than 2.0 of 10"
		}
		[ "$(grep -cE '^(Wants|After)=network-online.target' "$unit")" = 2 ] ||
			fail "${unit##*/} does not wait for the network"
	done
	systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$work/unit/fitsdb-schema-metrics.timer")" >/dev/null
	# What it runs before the service: for one second only, of the minute.
	read -ra before < <(sed -n 's/^ExecStartPre=//p' "$work/unit/fits-server.service")
	before[-1]=--wait=1s
	fresh_database
	"$build/fitsdb-schema" init --quiet
	said=$("${before[@]}") || fail "the service would not start: $said"
	"$build/fitsdb-schema" downgrade 36 --quiet --yes
	if said=$("${before[@]}"); then
		fail "the service would start with a schema that is behind"
	fi
	[[ $said == "BEHIND - fitsdata at version 36"* ]] || fail "the journal would not have the reason: $said"
	run_command_of fitsdb-schema-upgrade.service
	[ "$(version)" = "$latest" ] || fail "the unit for the upgrade has left version $(version)"
	echo "deploy: systemd has no objections to the units, and they do what they say"
}

# Run the command of a unit, with its variables: UNIT.
run_command_of() {
	local command settings

	read -ra settings < <(sed -n 's/^Environment=//p' "$work/unit/$1") || true
	read -ra command < <(sed -n "s|/var/lib/prometheus/node-exporter|$work/metrics|; s/^ExecStart=//p" "$work/unit/$1")
	env "${settings[@]}" "${command[@]}" >/dev/null || fail "the command of $1 has failed"
}

# Leave the database as if migration 39 had been interrupted after a quarter of its rows.
stop_in_a_batch() {
	"$build/fitsdb-schema" upgrade 38 --quiet
	psql -U postgres -X -q -v ON_ERROR_STOP=1 -c 'SET session_replication_role = replica' \
		-c 'INSERT INTO gmos (id, header_id) SELECT g, g FROM generate_series(1, 20000) g' -c 'ANALYZE gmos'
	record_incomplete "'state', 'interrupted', 'version_from', 38, 'version_to', 39, 'statement', 0, 'position', '5000'"
}

# Its samples as lines, from a parser of the format.
samples() {
	/usr/bin/python3 -c 'import sys
from prometheus_client.parser import text_string_to_metric_families
for family in text_string_to_metric_families(open(sys.argv[1]).read()):
    for sample in family.samples:
        print(family.type, sample.name, sample.labels["schema"], int(sample.value))' "$1"
}

try_metrics() {
	local metrics=$top/docs/deploy/fitsdb-schema-metrics.sh
	export FITSDB_SCHEMA=$build/fitsdb-schema

	fresh_database
	"$FITSDB_SCHEMA" init --quiet
	"$FITSDB_SCHEMA" downgrade 36 --quiet --yes
	mkdir "$work/metrics"
	"$metrics" "$work/metrics/a\"b.prom"
	diff - <(samples "$work/metrics/a\"b.prom") <<-END || fail "these are not the metrics"
		gauge fitsdb_schema_status a"b 1
		gauge fitsdb_schema_version a"b 36
		gauge fitsdb_schema_latest_version a"b $latest
		gauge fitsdb_schema_pending_migrations a"b $((latest - 36))
	END
	# The unit runs as the role for checks. Later, a batched statement is incomplete.
	psql -U postgres -X -q -v ON_ERROR_STOP=1 -d postgres -f "$top/docs/deploy/monitoring.sql"
	run_command_of fitsdb-schema-metrics.service
	grep -q '^fitsdb_schema_status{schema="archive"} 1$' "$work/metrics/archive.prom" ||
		fail "the unit for the metrics has written $(cat "$work/metrics/archive.prom")"
	rm "$work/metrics/archive.prom"
	stop_in_a_batch
	psql -X -q -c 'GRANT SELECT ON gmos TO monitoring'
	"$metrics" "$work/metrics/batch.prom" -U monitoring
	samples "$work/metrics/batch.prom" | grep -qx 'gauge fitsdb_schema_batch_percent batch 2[45]' ||
		fail "the part of the batch is not a quarter: $(cat "$work/metrics/batch.prom")"
	rm "$work/metrics/batch.prom"
	"$metrics" "$work/metrics/gone.prom" --host=/nonexistent
	[ "$(samples "$work/metrics/gone.prom")" = "gauge fitsdb_schema_status gone 3" ] ||
		fail "not the metrics of what is unknown"
	FITSDB_SCHEMA=/nonexistent "$metrics" "$work/metrics/none.prom"
	[ "$(samples "$work/metrics/none.prom")" = "gauge fitsdb_schema_status none 3" ] ||
		fail "not the metrics where there is no executable"
	if "$metrics" "$work/metrics/no/where.prom" 2>/dev/null; then
		fail "metrics that cannot be written were not told of"
	fi
	[ "$(find "$work/metrics" -type f | wc -l)" = 3 ] || fail "the metrics leave something behind"
	promtool test rules "$top/tests/alerts.yml" >"$work/rules" 2>&1 || fail "the alerts: $(cat "$work/rules")"
	echo "deploy: the metrics are well-formed and true, and their alerts fire"
}

# Icinga reads the configuration, and its commands run as the role that it names. The database is incomplete.
try_icinga() {
	local said status command_line conf=$top/docs/deploy/icinga2.conf

	cat >"$work/icinga2.conf" <<-END
		object CheckCommand "alive" {
		  command = [ "/bin/true" ]
		}
		object Host "archive" {
		  check_command = "alive"
		  vars.fits_archive = true
		}
		include "$work/fitsdb-schema.conf"
	END
	install -m 644 "$conf" "$work/fitsdb-schema.conf"
	icinga2 daemon -C -c "$work/icinga2.conf" >"$work/icinga" 2>&1 || fail "Icinga: $(cat "$work/icinga")"
	grep -q 'Instantiated 2 Services' "$work/icinga" || fail "Icinga: $(cat "$work/icinga")"
	while IFS= read -r command_line; do
		status=0
		# shellcheck disable=SC2086
		said=$("$build/fitsdb-schema" $command_line -d fitsdata -U "$(sed -n 's/.*_username = "\(.*\)"/\1/p' "$conf")") ||
			status=$?
		[[ "$status $said" =~ ^(2 HALF-WAY|0 VERIFY\ OK)\ - ]] || fail "\"$command_line\" ended with $status: $said"
	done < <(sed -n 's|^  command = \[ "/usr/local/bin/fitsdb-schema", \(.*\) \]|\1|p' "$conf" | tr -d '",')
	echo "deploy: Icinga reads its configuration, and the role for checks can run them"
}

# --- the pages ---

# Run a page's commands, the lines that begin with "    $ ": each must end with the exit status that it names, or 0.
follow() {
	local page=$1 line command status expected tried=0 output

	cd "$work/page"
	while IFS= read -r line; do
		[[ $line == '    $ '* ]] || continue
		command=${line#'    $ '}
		tried=$((tried + 1))
		expected=0
		[[ $command =~ '# exit status '([0-9]+) ]] && expected=${BASH_REMATCH[1]}
		status=0
		output=$(bash -o pipefail -c "$command" 2>&1) || status=$?
		[ "$status" = "$expected" ] || fail "$page: $command: exit status $status: $output"
	done <"$top/docs/$page"
	cd "$top"
	[ "$tried" -gt 0 ] || fail "$page has no commands"
	echo "deploy: the commands of $page work"
}

# The pages are about the versions 0 to 39.
try_pages() {
	local new=$build/histories/migrations-39/fitsdb-schema

	mkdir -p "$work/page/old" "$work/page/new" "$work/local"
	# /usr/local/bin is another folder for this process and those that it starts.
	mount --bind "$work/local" /usr/local/bin
	cp "$new" "$work/page/new/"

	fresh_database
	"$new" show 0 | psql -X -q -v ON_ERROR_STOP=1
	"$new" stamp 0 --quiet
	"$new" upgrade 18 --quiet
	psql -X -q -c 'SET client_min_messages = warning' -c 'DROP SCHEMA fitsdb_schema CASCADE'
	follow from-sqlalchemy-migrate.md

	cp "$build/histories/migrations-37/fitsdb-schema" "$work/page/old/"
	follow roll-back.md
}

ansible-playbook --syntax-check -i 'archive,' "$top/docs/deploy/ansible/playbook.yml" >/dev/null
latest=$("$build/fitsdb-schema" version --latest)
if [ "${2:-}" = pages ]; then
	try_pages
	exit
fi
try_refusals
try_role
try_other_user
try_unit
try_metrics
try_icinga
unshare --mount "$0" "$1" pages
