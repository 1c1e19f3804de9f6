#!/bin/bash
# Give the migrations of this branch the next free numbers: those that are neither sealed nor in the main branch. Their
# order is kept. FOLDER/rows/NNN.sql is renamed, too, and FOLDER/SCHEMA becomes that of the main branch, to which
# "make schema" then adds the versions of this branch.
#
#   gen/renumber.sh FOLDER [BASE]
#
# BASE is the main branch, or any commit: by default the newest of origin/HEAD, origin/main, origin/master, main and
# master, which is the one that contains the others; the first of them if their histories have diverged. Without git,
# all migrations that are not sealed are those of this branch. It works during a merge or a rebase, too, and changes
# files only, not git's index.
set -euo pipefail
shopt -s inherit_errexit

folder=${1%/} base=${2:-}
git=(git -C "$folder")

# Is the name the branch that is checked out, with its own migrations committed? During a merge it is without them.
is_current() {
	[ "$("${git[@]}" symbolic-ref --quiet HEAD)" = "refs/heads/$1" ] &&
		! "${git[@]}" rev-parse --verify --quiet MERGE_HEAD >/dev/null
}

# Print the name of the main branch; nothing if there is none.
find_main() {
	local name main=

	for name in origin/HEAD origin/main origin/master main master; do
		"${git[@]}" rev-parse --verify --quiet "$name^{commit}" >/dev/null || continue
		if [ ! "$main" ] || { ! is_current "$name" && "${git[@]}" merge-base --is-ancestor "$main" "$name"; }; then
			main=$name
		fi
	done
	echo "$main"
}

# Print the commit with the migrations that keep their numbers; nothing without git.
find_base() {
	local name why

	command -v git >/dev/null || return 0
	if ! why=$(LC_ALL=C "${git[@]}" rev-parse --git-dir 2>&1); then
		[[ $why != *'not a git repository'* ]] || return 0
		echo "renumber.sh: error: $why" >&2
		exit 1
	fi
	name=${base:-$(find_main)}
	if [ "$name" ] && "${git[@]}" rev-parse --verify --quiet "$name^{commit}"; then
		echo "the migrations of $name keep their numbers" >&2
		return 0
	fi
	echo "renumber.sh: error: there is no branch or commit \"${name:-main}\"" >&2
	echo "renumber.sh: hint: Name the main branch: make renumber BASE=NAME" >&2
	exit 1
}

# The files of the folder in the base.
in_base() {
	[ ! "$commit" ] || "${git[@]}" ls-tree -r --name-only "$commit"
}

is_own() {
	! grep -qxF "$1" <<<"$kept_files" && ! grep -q "^[0-9a-f]*[ *]*$1"$'\r*$' "$folder/SHA256SUMS" 2>/dev/null
}

# The rows of a version, in conflict with those of the base: both are in git's index.
split_rows() {
	local theirs blob

	theirs=$("${git[@]}" rev-parse "$commit:./$1")
	while read -r _ blob _; do
		[ "$blob" = "$theirs" ] || "${git[@]}" cat-file blob "$blob" >"$folder/$2"
	done < <("${git[@]}" ls-files --unmerged -- "$1")
	"${git[@]}" cat-file blob "$theirs" >"$folder/$1"
}

# move INDEX: rename one file, and its rows.
move() {
	local file=${own[$1]} new=${numbers[$1]} rows to

	to=${new}_${file#*_}
	mv -n "$folder/$file" "$folder/$to"
	echo "$file is now $to"
	rows=rows/${file%%_*}.sql
	if grep -qxF "$rows" <<<"$kept_files"; then
		[ ! "$("${git[@]}" ls-files --unmerged -- "$rows")" ] || split_rows "$rows" "rows/$new.sql"
	elif [ "$(printf '%s\n' "${own[@]}" | grep -c "^${file%%_*}_")" -gt 1 ] && [ -e "$folder/$rows" ]; then
		echo "renumber.sh: warning: $folder/$rows stays: more than one migration had this number" >&2
	elif [ -e "$folder/$rows" ]; then
		mv -n "$folder/$rows" "$folder/rows/$new.sql"
	fi
}

commit=$(find_base)
kept_files=$(in_base)
next=0 own=() numbers=()
while read -r file; do
	if is_own "$file"; then
		own+=("$file")
	elif [ $((10#${file%%_*})) -ge "$next" ]; then
		next=$((10#${file%%_*} + 1))
	fi
done < <(cd "$folder" && printf '%s\n' [0-9]*_*.sql | sort -n)
for i in "${!own[@]}"; do
	numbers[i]=$(printf %03d $((next + i)))
done

# Upwards from the last one, then downwards from the first one: no new name is in use.
lowest=
for i in $(printf '%s\n' "${!own[@]}" | tac); do
	old=$((10#${own[i]%%_*}))
	[ "$old" = $((10#${numbers[i]})) ] || lowest=$old
	[ "$old" -ge $((10#${numbers[i]})) ] || move "$i"
done
for i in "${!own[@]}"; do
	[ $((10#${own[i]%%_*})) -le $((10#${numbers[i]})) ] || move "$i"
done
if [ ! "$lowest" ]; then
	echo "no migration of this branch needs another number"
	exit 0
fi
echo "If a database has run them: \"fitsdb-schema downgrade $((lowest - 1))\", then \"fitsdb-schema upgrade\"."
if grep -qxF SCHEMA <<<"$kept_files"; then
	"${git[@]}" show "$commit:./SCHEMA" >"$folder/SCHEMA.new"
	mv "$folder/SCHEMA.new" "$folder/SCHEMA"
fi
