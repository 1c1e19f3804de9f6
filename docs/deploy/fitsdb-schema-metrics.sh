#!/bin/sh
# Writes the status of the schema for the textfile collector of Prometheus. The file is replaced atomically.
#
#   fitsdb-schema-metrics.sh FILE.prom [OPTION ...]
#   fitsdb-schema-metrics.sh /var/lib/prometheus/node-exporter/archive.prom -d fitsdata
#
# With --at-least=VERSION, the status is 0 for each version on which software for VERSION can run. The name of the file, without .prom, becomes the label "schema": use one file for each database. FITSDB_SCHEMA names
# the executable if it is not in the PATH.
set -eu

file=$1
shift
label=$(basename "$file" .prom | sed 's/[\\"]/\\&/g')
status=0
line=$("${FITSDB_SCHEMA:-fitsdb-schema}" status --short "$@" 2>/dev/null) || status=$?
# Higher statuses come from the shell: the executable cannot be run, or was killed.
[ "$status" -le 3 ] || status=3

# A batched statement may take hours: the estimated part that is done.
percent=
case $status in
1 | 2)
	percent=$("${FITSDB_SCHEMA:-fitsdb-schema}" status --json "$@" 2>/dev/null |
		sed -n 's/^ *"percent": \([0-9.]*\),*$/\1/p')
	;;
esac

# Prints a metric with its help and its value.
metric() {
	printf '# HELP %s %s\n# TYPE %s gauge\n%s{schema="%s"} %s\n' "$1" "$2" "$1" "$1" "$label" "$3"
}

trap 'rm -f "$file.$$"' EXIT
{
	metric fitsdb_schema_status '0 current or sufficient, 1 behind, 2 ahead, incomplete or checksum mismatch, 3 unknown' "$status"
	# The performance data after the bar; there are none if the version is not known.
	for pair in $(printf '%s\n' "$line" | sed -n 's/.* | //p'); do
		case $pair in
		version=*) metric fitsdb_schema_version 'Version of the database' "${pair#*=}" ;;
		latest=*) metric fitsdb_schema_latest_version 'Latest version of the executable' "${pair#*=}" ;;
		pending=*) metric fitsdb_schema_pending_migrations 'Number of pending migrations' "${pair#*=}" ;;
		esac
	done
	if [ "$percent" ]; then
		metric fitsdb_schema_batch_percent 'Estimated part of the current batched statement that is done' "$percent"
	fi
} >"$file.$$"
chmod 644 "$file.$$"
mv "$file.$$" "$file"
