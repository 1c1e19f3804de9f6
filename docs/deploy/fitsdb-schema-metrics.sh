#!/bin/sh
# Write the status of the schema for Prometheus' textfile collector, at once or not at all.
#
#   fitsdb-schema-metrics.sh FILE.prom [OPTION ...]    as in: /var/lib/prometheus/node-exporter/archive.prom -d fitsdata
#
# The file's name, without .prom, is the label "schema": one file for each database. FITSDB_SCHEMA names the executable,
# where it is not in the PATH.
set -eu

file=$1
shift
label=$(basename "$file" .prom | sed 's/[\\"]/\\&/g')
status=0
line=$("${FITSDB_SCHEMA:-fitsdb-schema}" status --short "$@" 2>/dev/null) || status=$?
# What the shell says of an executable that cannot be run, or was killed.
[ "$status" -le 3 ] || status=3

# A metric, its help and its value.
metric() {
	printf '# HELP %s %s\n# TYPE %s gauge\n%s{schema="%s"} %s\n' "$1" "$2" "$1" "$1" "$label" "$3"
}

trap 'rm -f "$file.$$"' EXIT
{
	metric fitsdb_schema_status '0 current, 1 behind, 2 ahead, half-way or different, 3 unknown' "$status"
	# What the line has behind its bar; nothing, where the version is not known.
	for pair in $(printf '%s\n' "$line" | sed -n 's/.* | //p'); do
		case $pair in
		version=*) metric fitsdb_schema_version 'The version that the database is at' "${pair#*=}" ;;
		latest=*) metric fitsdb_schema_latest_version 'The latest version of the executable' "${pair#*=}" ;;
		pending=*) metric fitsdb_schema_pending_migrations 'How many migrations are pending' "${pair#*=}" ;;
		esac
	done
} >"$file.$$"
chmod 644 "$file.$$"
mv "$file.$$" "$file"
