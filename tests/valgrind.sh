#!/bin/bash
# Run a program under valgrind: exit status 99 where it finds an error, or memory that nobody frees.
exec valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=all \
	--errors-for-leak-kinds=definite,indirect,possible --num-callers=30 "$@"
