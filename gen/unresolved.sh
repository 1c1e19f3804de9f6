#!/bin/bash
# Fail, and name them, if the link of a static executable has left symbols without a definition: a call of one crashes.
#
#   unresolved.sh FILE
#
# FILE was linked with --emit-relocs, without which the linker omits such symbols. It reports an error for the strong
# ones, but says nothing of weak ones. Names that begin with _ are the C library's and the compiler's own, which test
# for them before use, as OpenSSL does for getentropy.
set -euo pipefail
export LC_ALL=C

nm -u "$1" | awk '
	$2 ~ /^_/ || $2 == "getentropy" { next }
	{ print "unresolved.sh: " $2 " has no definition"; found = 1 }
	END { exit found }' >&2
