#!/bin/bash
# Run a link command, and move its output into place only after success: FILE is never incomplete.
#
#   link.sh [--run=ARGUMENT] FILE COMMAND [ARGUMENT ...]
#
# "-o FILE.new" is added to COMMAND. With --run, the new file must first run successfully with that argument. The
# linker's messages are passed on, except warnings that are known to be harmless: a name look-up in a static program may
# load NSS modules of the host. The libraries refer to four such functions; pg/connection.c limits the look-ups to the
# modules that are linked in. Any other warning is an error if DEVELOPER is set. (-Wl,--no-warnings would also suppress
# errors and the exit status.)
set -euo pipefail
export LC_ALL=C

run=
case $1 in
--run=*)
	run=${1#*=}
	shift
	;;
esac
file=$1
shift
trap 'rm -f "$file.new"' EXIT

# The linker first prints the file and the function, then the warning.
"$@" -o "$file.new" 2>&1 | awk -v fatal="${DEVELOPER:-}" '
	function pass(line) {
		if (line != "") print line
		if (line ~ /: warning: /) warned = 1
	}
	/: in function `[^ ]*.:$/ { pass(place); place = $0; next }
	place ~ /\.a\([^()]*\): in function / &&
	/: warning: Using .(dlopen|getaddrinfo|gethostbyname|getpwuid_r). in statically linked applications requires / {
		place = ""
		next
	}
	{ pass(place); place = ""; pass($0) }
	END { pass(place); exit warned && fatal != "" }' >&2
[ -z "$run" ] || "$file.new" "$run" >/dev/null
mv "$file.new" "$file"
