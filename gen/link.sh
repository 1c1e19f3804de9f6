#!/bin/bash
# Run a link, and put the file that it makes into place if nothing was wrong: there is never half of it under its name.
#
#   link.sh [--run=ARGUMENT] FILE COMMAND [ARGUMENT ...]
#
# COMMAND gets "-o FILE.new" as well. With --run, the new file must run with that argument first. The linker's messages
# are passed on, but for warnings that are known to be harmless: a look-up of names in a static program may load the
# host's NSS modules, or others. The libraries refer to four such functions; db.c limits the look-ups to what is built
# in. Any other warning is an error if DEVELOPER is set. (-Wl,--no-warnings suppresses errors and the exit status, too.)
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

# The linker says first in which function of which file, and then what.
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
