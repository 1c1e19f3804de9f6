#!/bin/bash
# Run a program, and what of ours it starts, under valgrind: exit status 99 where there is an error, or memory that
# nobody frees. More options may be in VALGRIND_OPTS.
exec valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all \
	--errors-for-leak-kinds=all --suppressions="$(dirname "$0")/valgrind.supp" --num-callers=30 \
	--trace-children=yes --trace-children-skip='*.sh,/bin/*,/usr/bin/*' "$@"
