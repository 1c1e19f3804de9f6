#!/bin/bash
# Run a program, and what of ours it starts, under valgrind: exit status 99 where there is an error, a descriptor or
# memory that is lost. More options may be in VALGRIND_OPTS.
exec valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all \
	--errors-for-leak-kinds=all --num-callers=30 \
	--trace-children=yes --trace-children-skip='*.sh,/bin/*,/usr/bin/*' "$@"
