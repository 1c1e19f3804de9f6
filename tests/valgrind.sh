#!/bin/bash
# Run a program, and our programs that it starts, under valgrind: exit status 99 after an error or a memory leak. More
# options may be in VALGRIND_OPTS.
exec valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all \
	--errors-for-leak-kinds=all --suppressions="$(dirname "$0")/valgrind.supp" --num-callers=30 \
	--trace-children=yes --trace-children-skip='*.sh,/bin/*,/usr/bin/*' "$@"
