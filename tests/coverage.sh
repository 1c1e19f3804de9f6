#!/bin/bash
# The lines of src/ and gen/ that the tests have reached, in a build with --coverage: a table by file, with the lines
# that were not reached. Fails if less than PERCENT of all lines were reached.
#
#   tests/coverage.sh BUILD PERCENT
#
# The executables with other histories consist of the same objects, so their runs count, too. A program that was killed
# does not count.
set -euo pipefail

find "$1" -path '*/src/*.gcda' -o -path '*/gen/*.gcda' | sort | while read -r file; do
	gcov --stdout "$file" 2>/dev/null
done | awk -v least="$2" '
	# count:line:text; the source is told as line 0. "-" is no code, "#####" is code that was not reached.
	{ split($0, part, ":"); count = part[1]; line = part[2] + 0; gsub(/ /, "", count) }
	line == 0 { if (part[3] == "Source") { source = part[4]; sub(/^\.\//, "", source) } next }
	source !~ /^(src|gen)\// || count == "-" { next }
	!((source, line) in known) {
		known[source, line] = 1
		total[source]++
		if (line > last[source]) last[source] = line
	}
	count !~ /^[#=]/ && !((source, line) in reached) { reached[source, line] = 1; hits[source]++ }

	function missing(source,    text, line, from) {
		for (line = 1; line <= last[source] + 1; line++) {
			if ((source, line) in known && !((source, line) in reached)) {
				if (!from) from = line
				to = line
			} else if (from && ((source, line) in known || line > last[source])) {
				text = text " " from (to > from ? "-" to : "")
				from = 0
			}
		}
		return text
	}
	END {
		count = 0
		for (source in total) names[++count] = source
		for (i = 2; i <= count; i++)
			for (j = i; j > 1 && names[j] < names[j - 1]; j--) {
				t = names[j]
				names[j] = names[j - 1]
				names[j - 1] = t
			}
		printf "%-24s %6s %6s %7s  %s\n", "file", "lines", "missed", "%", "not reached"
		for (i = 1; i <= count; i++) {
			source = names[i]
			all += total[source]
			hit += hits[source]
			printf "%-24s %6d %6d %7.1f %s\n", source, total[source], total[source] - hits[source],
				100 * hits[source] / total[source], missing(source)
		}
		percent = all ? 100 * hit / all : 0
		printf "coverage: %.1f %% of %d lines (at least %s %% are wanted; tests/coverage.txt says why some are not)\n",
			percent, all, least
		exit percent < least
	}'
