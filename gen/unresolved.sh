#!/bin/bash
# Fail if symbols of a static executable have no definition, and name them: to call one would crash the program.
#
#   unresolved.sh FILE
#
# FILE must be linked with --emit-relocs; without it, the linker omits such symbols. The linker reports strong symbols
# itself, but not weak ones. Names that begin with _ belong to the C library and the compiler, which test for them
# before use; OpenSSL does the same for getentropy.
set -euo pipefail
export LC_ALL=C

nm -u "$1" | awk '
	$2 ~ /^_/ || $2 == "getentropy" { next }
	{ print "unresolved.sh: " $2 " has no definition"; found = 1 }
	END { exit found }' >&2
