#!/bin/bash
# Run a command with a throwaway PostgreSQL server.
#
#   tests/throwaway.sh COMMAND [ARGUMENT ...]
#
# The server has the roles fitsdata and apache, and an empty database fitsdata that the former owns. The command's
# environment has PGHOST (a socket), PGDATABASE=fitsdata and PGUSER=postgres, the superuser. PG_BIN names the server's
# programs (default: Debian's PostgreSQL 15); FSYNC=on makes it write as a real one does; LISTEN is an additional
# address. As root, the server runs as user postgres, since it refuses to run as root.
set -euo pipefail

bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
folder=$(mktemp -d "${TMPDIR:-/tmp}/fitsdb-schema.XXXXXX")
chmod 755 "$folder"

as_server() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid=postgres --regid=postgres --clear-groups --reset-env "$@"
	else
		"$@"
	fi
}

clean_up() {
	if [ -f "$folder/data/postmaster.pid" ]; then
		as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
	fi
	rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

[ "$(id -u)" != 0 ] || chown postgres "$folder"
as_server "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync \
	>"$folder/initdb.log" 2>&1 ||
	{
		cat "$folder/initdb.log" >&2
		exit 1
	}
as_server tee -a "$folder/data/postgresql.conf" >/dev/null <<-END
	listen_addresses = '${LISTEN:-}'
	unix_socket_directories = '$folder'
	fsync = ${FSYNC:-off}
END
as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null ||
	{
		cat "$folder/log" >&2
		exit 1
	}

unset PGPORT PGSERVICE PGOPTIONS PGPASSWORD
export PGHOST=$folder PGUSER=postgres PGDATABASE=fitsdata
psql -qX -d postgres -c 'CREATE ROLE fitsdata LOGIN' -c 'CREATE ROLE apache LOGIN' \
	-c 'CREATE DATABASE fitsdata OWNER fitsdata'
"$@"
