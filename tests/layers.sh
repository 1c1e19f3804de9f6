#!/bin/bash
# Compares the layout of src/ with src/LAYERS, and prints FILE:LINE: RULE for each violation. The rules:
#
#   - a file includes headers of its own room, and of the rooms that src/LAYERS allows; the include names the room
#   - each header compiles alone
#   - libpq-fe.h is included once, in src/pg/
#   - no circle of objects: of two objects at most one uses the other, directly or through others
#   - commands that only read reach no object of src/migrate/
#
# usage: layers.sh BUILD COMPILER [OPTION...]     BUILD has the objects; COMPILER OPTION... compiles a header
set -eu -o pipefail

build=$1
shift
layers=src/LAYERS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# These commands write. The other commands must not reach migrate/.
writing='cmd_upgrade cmd_downgrade cmd_init cmd_stamp cmd_repair'

fault()
{
	echo "$*"
	echo "$*" >>"$work/faults"
}

check_includes()
{
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' src/*/*.[ch] | awk -v layers="$layers" '
	BEGIN {
		while ((getline line <layers) > 0) {
			split(line, part, ":")
			room[part[1]] = 1
			count = split(part[2], below, " ")
			for (i = 1; i <= count; i++)
				may[part[1], below[i]] = 1
		}
	}
	{
		split($0, at, ":")
		split(at[1], path, "/")
		match($0, /"[^"]*"/)
		file = substr($0, RSTART + 1, RLENGTH - 2)
		if (!(path[2] in room))
			print at[1] ":" at[2] ": " layers " has no room \"" path[2] "\""
		else if (split(file, to, "/") < 2)
			print at[1] ":" at[2] ": \"" file "\" is included without its room"
		else if (to[1] != path[2] && !((path[2], to[1]) in may))
			print at[1] ":" at[2] ": " path[2] "/ must not include \"" file "\" (" layers ")"
	}' >"$work/includes"
	while read -r line; do fault "$line"; done <"$work/includes"
}

# All other files reach libpq by the header that includes it.
check_libpq()
{
	local count

	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]libpq' src/*/*.[ch] >"$work/libpq" || true
	count=$(wc -l <"$work/libpq")
	if [ "$count" -ne 1 ]; then
		while IFS=: read -r file line text; do
			fault "$file:$line: libpq-fe.h must be included once, in src/pg/; this is one of $count: $text"
		done <"$work/libpq"
	fi
	while IFS=: read -r file line text; do
		case $file in
			src/pg/*) ;;
			*) fault "$file:$line: only src/pg/ may include libpq-fe.h: $text" ;;
		esac
	done <"$work/libpq"
}

# The line is that of the first error, in the header itself or in the one line that includes it.
check_headers()
{
	local header line

	for header in src/*/*.h; do
		printf '#include "%s"\n' "${header#src/}" >"$work/alone.c"
		if ! "$@" -fsyntax-only -Wno-unused -o /dev/null "$work/alone.c" 2>"$work/errors"; then
			line=$(sed -n "s|^$header:\([0-9]*\):.*error.*|\1|p" "$work/errors" | head -n 1)
			fault "$header:${line:-1}: this header does not compile alone:" \
				"$(sed -n 's/.*error: //p' "$work/errors" | head -n 1)"
		fi
	done
}

# "room/user room/definer symbol" for each symbol that an object uses of another one. An object without a source is left
# over from an earlier build.
find_uses()
{
	for source in src/*/*.c; do
		source=${source#src/}
		(cd "$build/src" && nm -A -g -- "${source%.c}.o")
	done | awk '
	{
		sub(/:.*/, "", $1)
		sub(/\.o$/, "", $1)
		if ($(NF - 1) ~ /^[TDBRVWG]$/)
			owner[$NF] = $1
		else if ($(NF - 1) == "U")
			uses[++count] = $1 " " $NF
	}
	END {
		for (i = 1; i <= count; i++) {
			split(uses[i], use, " ")
			if (use[2] in owner && owner[use[2]] != use[1])
				print use[1], owner[use[2]], use[2]
		}
	}' >"$work/uses"
}

# "file:line" of the first use of a symbol. A macro or an inline function of a header may use it: then of line 1.
place_of()
{
	local line

	line=$(grep -nw -m 1 -- "$2" "src/$1.c" | cut -d: -f1) || true
	echo "src/$1.c:${line:-1}"
}

check_circles()
{
	local user definer symbol

	awk '{ print $1, $2 }' "$work/uses" | sort -u | tsort 2>"$work/loops" >/dev/null || true
	grep -v 'contains a loop' "$work/loops" | sed 's/^tsort: //' | sort -u >"$work/circle" || true
	while read -r user definer symbol; do
		if grep -qx "$user" "$work/circle" && grep -qx "$definer" "$work/circle"; then
			fault "$(place_of "$user" "$symbol"): circle of objects: $user uses $symbol of $definer"
		fi
	done <"$work/uses"
}

# Prints the last step out of the other rooms: that is the one to change.
check_readers()
{
	local command source

	for source in src/cli/cmd_*.c; do
		command=$(basename "$source" .c)
		case " $writing " in
			*" $command "*) continue ;;
		esac
		awk -v start="cli/$command" '
		{ next_of[$1] = next_of[$1] " " $2; symbol[$1, $2] = $3 }
		END {
			todo[count = 1] = start
			seen[start] = 1
			for (i = 1; i <= count; i++) {
				n = split(next_of[todo[i]], to, " ")
				for (k = 1; k <= n; k++)
					if (!(to[k] in seen)) {
						seen[to[k]] = 1
						todo[++count] = to[k]
						if (to[k] ~ /^migrate\//)
							print todo[i], to[k], symbol[todo[i], to[k]]
					}
			}
		}' "$work/uses" >"$work/reached"
		while read -r user definer symbol; do
			case $user in
				migrate/*) continue ;;
			esac
			fault "$(place_of "$user" "$symbol"): $command only reads, but reaches $definer by $symbol"
		done <"$work/reached"
	done
}

check_includes
check_libpq
check_headers "$@"
find_uses
check_circles
check_readers
if [ -s "$work/faults" ]; then
	echo "layers: src/ breaks its rules in $(wc -l <"$work/faults") places" >&2
	exit 1
fi
echo "layers: $(find src -name '*.c' | wc -l) modules in $(grep -c : "$layers") rooms are laid out as $layers says"
