#!/bin/bash
# Make the transcripts in pages from a real run, or say which are out of date.
#
#   tests/throwaway.sh docs/transcripts.sh BUILD PAGE ...            write the pages that differ
#   tests/throwaway.sh docs/transcripts.sh --check BUILD PAGE ...    compare, and write nothing
#
# A conflict of a merge in the output of commands is resolved. Another one is an error, with file and line.
#
# A comment before an indented block makes it a transcript:
#
#   <!-- run: at 18 -->                run the block's commands in a database at version 18 that has rows, but no record
#   <!-- run: at latest; use NAME -->  run these shell functions first: see below; the latest version has the record
#   <!-- run -->                       continue with the database of the block before
#   <!-- run 3...1: at 18 -->          of a longer output, keep the first 3 lines, "..." and the last line
#
# Lines that begin with "$ fitsdb-schema" or "$ echo" are run, and followed by their output; other commands are only
# shown. A command must end with exit status 0, or with the status in "# exit status 1" or "echo $?" after it. Times,
# sizes and process ids may differ from those in the page.
set -euo pipefail

check=
if [ "$1" = --check ]; then
	check=yes
	shift
fi
build=$(realpath "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$work:$PATH
export PGUSER=fitsdata
stale=0

# use NAME - run the executable of histories/NAME from now on. Without a name, it has versions 0 to 39: examples do
# not change with each migration, and an upgrade or downgrade in them is not refused for what a new one destroys.
use() {
	ln -sf "$build/histories/${1:-migrations-39}/fitsdb-schema" "$work/fitsdb-schema"
}

# at VERSION - a database at that version, with rows in every table; below the latest, as sqlalchemy-migrate had it.
at() {
	PGUSER=postgres psql -qX -d postgres -c 'SET client_min_messages = warning' \
		-c 'DROP DATABASE IF EXISTS fitsdata' -c 'CREATE DATABASE fitsdata OWNER fitsdata'
	fitsdb-schema show 0 | psql -qX -v ON_ERROR_STOP=1
	fitsdb-schema stamp 0 --quiet
	if [ "$1" = latest ]; then
		fitsdb-schema upgrade --quiet
	else
		fitsdb-schema upgrade "$1" --quiet
	fi
	sql -f gen/measure/rows.sql -c 'SELECT pg_temp.fill_all(3, true)' -c 'ANALYZE'
	[ "$1" = latest ] || sql -c 'DROP SCHEMA fitsdb_schema CASCADE'
}

# sql ARGUMENT ... - psql as the superuser, without output.
sql() {
	PGUSER=postgres PGOPTIONS='-c client_min_messages=warning -c search_path=public' \
		psql -qX -v ON_ERROR_STOP=1 "$@" >/dev/null
}

# What may differ from run to run.
normal() {
	sed -E 's/[0-9.]+ (ms|s|min|h|bytes|kB|MB|GB)\b/N \1/g; s/PID [0-9]+/PID N/g; s/ +/ /g'
}

# The output of a command, shortened as `keep` says, as lines of the page.
print_output() {
	local output=$1 first=${keep%...*} last=${keep#*...} count

	count=$(wc -l <<<"$output")
	if [ -z "$output" ]; then
		return
	elif [ "$keep" ] && [ "$count" -gt $((first + last + 1)) ]; then
		head -n "$first" <<<"$output"
		echo '  ...'
		[ "$last" = 0 ] || tail -n "$last" <<<"$output"
	else
		echo "$output"
	fi | fold -s -w 116 | sed 's/ *$//; s/^/    /'
}

# The exit status that the command in line $1 of the block must have: that of its comment; that which the page shows for
# "echo $?" after it; or else 0.
expected_status() {
	local i

	if [[ ${lines[$1]} =~ '# exit status '([0-9]+) ]]; then
		echo "${BASH_REMATCH[1]}"
		return
	fi
	for ((i = $1 + 1; i < ${#lines[@]}; i++)); do
		# shellcheck disable=SC2016
		[ "${lines[i]}" != '    $ echo $?' ] || [[ ! ${lines[i + 1]:-} =~ ^' '*([0-9]+)$ ]] || echo "${BASH_REMATCH[1]}"
		[[ ${lines[i]} != '    $ '* ]] || break
	done
}

# Run the commands of the lines on stdin, and print the block anew. `place`: the page, and the block's line. A command
# that ends in another way than the page says is an error: the text around it would be wrong.
run_block() {
	local i line command before status=0 wanted output lines

	mapfile -t lines
	for i in "${!lines[@]}"; do
		line=${lines[i]}
		case $line in
		'    $ fitsdb-schema'* | '    $ echo'*)
			echo "$line"
			command=${line#'    $ '}
			before=$status
			output=$( (exit "$before"); eval "$command" </dev/null 2>&1) && status=0 || status=$?
			wanted=$(expected_status "$i")
			if [ "$status" != "${wanted:-0}" ]; then
				echo "$place: \"$command\" ends with exit status $status, not ${wanted:-0}: $output" >&2
				exit 1
			fi
			print_output "$output"
			;;
		'    $ '*) echo "$line" ;;
		esac
	done
}

# Print a page without the conflicts of a merge in the output of commands, which is made anew. Another one is an error.
merged() {
	awk -v page="$1" -v check="$check" '
	/^<<<<<<< / { side = 1; first = NR; kept = commands[1] = commands[2] = ""; good = transcript; next }
	side && /^[|][|][|][|][|][|][|]/ { side = 3; next }
	side && /^=======$/ { side = 2; next }
	side && /^>>>>>>> / {
		if (check || !good || commands[1] != commands[2]) {
			print page ":" first ": error: conflict marker of a merge outside the output of commands" >"/dev/stderr"
			bad = 1
		}
		printf "%s", kept
		side = 0
		next
	}
	side && !/^    / { good = 0 }
	side && /^    [$] / { commands[side] = commands[side] $0 }
	side == 1 { kept = kept $0 "\n" }
	side { next }
	/^<!-- run/ { transcript = 1 }
	/^[^ <]|^<[^!]/ { transcript = 0 }
	{ print }
	END { exit bad || side }' "$1"
}

# Compare a block with the one in the page; print the one that the page is to have.
settle() {
	local old=$1 new=$2 number=$3 difference

	if difference=$(diff <(normal <"$old") <(normal <"$new")); then
		cat "$old"
		return
	fi
	cat "$new"
	[ "$check" ] || return 0
	# "3,4c3": from the third line of the block on
	number=$((number + ${difference%%[!0-9]*}))
	echo "$page:$number: this transcript is out of date; run \"make docs\":" >&2
	sed -n '/^[<>]/p' <<<"$difference" >&2
	echo stale >"$work/stale"
}

transcribe() {
	local number=0 begin line setup

	keep=
	while IFS= read -r line; do
		number=$((number + 1))
		if [ -s "$work/block" ] || [ "$begin_next" ]; then
			if [[ $line == '    '* ]]; then
				echo "$line" >>"$work/block"
				begin_next=
				continue
			fi
			end_block
		fi
		if [[ $line =~ ^'<!-- run'\ ?([0-9]+...[0-9]+)?(': '(.*))?' -->'$ ]]; then
			keep=${BASH_REMATCH[1]} setup=${BASH_REMATCH[3]:-}
			begin=$number begin_next=yes place=$page:$number
			use ''
			eval "$setup" </dev/null >&2
		fi
		echo "$line"
	done
	[ ! -s "$work/block" ] || end_block
}

end_block() {
	run_block <"$work/block" >"$work/new"
	settle "$work/block" "$work/new" "$begin"
	: >"$work/block"
}

for page in "$@"; do
	begin_next=
	: >"$work/block"
	rm -f "$work/stale"
	merged "$page" >"$work/merged"
	transcribe <"$work/merged" >"$work/page"
	if [ -e "$work/stale" ]; then
		stale=1
	elif [ -z "$check" ] && ! cmp -s "$work/page" "$page"; then
		cat "$work/page" >"$page.new"
		mv "$page.new" "$page"
		echo "$page was written"
	fi
done
[ "$stale" = 0 ] || exit 1
[ -z "$check" ] || echo "docs: the transcripts of $# pages are what the program prints"
