#!/bin/bash
# Do the completions for bash and zsh agree with the executable?
#
#   tests/completion.sh BUILD
set -euo pipefail

PATH=$(realpath "$1"):$PATH
folder=$(realpath "$(dirname "$0")/../docs/completion")

fail() {
	echo "completion: $*" >&2
	exit 1
}

# Bash's completions of these words, the last of which is incomplete.
in_bash() {
	# shellcheck disable=SC2016
	bash --norc -u -c 'source "$1/fitsdb-schema.bash"
		shift
		COMP_WORDS=(fitsdb-schema "$@") COMP_CWORD=$#
		_fitsdb_schema fitsdb-schema "${!#}" "${COMP_WORDS[COMP_CWORD - 1]}"
		echo "${COMPREPLY[@]-}"' - "$folder" "$@"
}

expect_in_bash() {
	local expected=$1 found

	shift
	found=$(in_bash "$@")
	[ "$found" = "$expected" ] || fail "bash: of \"$*\" it makes \"$found\" rather than \"$expected\""
}

expect_in_bash upgrade upgr
expect_in_bash --lock-timeout= upgrade --lock-t
expect_in_bash '' status --lock-t
expect_in_bash status -d x stat
expect_in_bash identify help ident
expect_in_bash '1 10 11 12 13 14 15 16 17 18 19' upgrade 1
expect_in_bash '2023-01' upgrade 2023
expect_in_bash '' upgrade 2 3
expect_in_bash '' list 3
for command in $(fitsdb-schema help | sed -n 's/^  \([a-z]*\) \[\{0,1\}VERSION.*/\1/p'); do
	expect_in_bash '17' "$command" 17
done
expect_in_bash "$(fitsdb-schema help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | paste -sd' ')" ''
for command in $(in_bash ''); do
	options=$(fitsdb-schema "$command" --help | grep -o -e '--[a-z-]*=\{0,1\}' | paste -sd' ')
	[ "$(in_bash "$command" --)" = "$options" ] ||
		fail "bash: not the options of $command"
done

# On a terminal, zsh must show this text after these words and a tab.
expect_in_zsh() {
	# shellcheck disable=SC2016
	timeout 30 zsh -f -c 'zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell "fpath=($1 \$fpath); autoload -U compinit; compinit -u -D"
		zpty -w shell "bindkey \"^I\" complete-word; echo rea\"\"dy"
		zpty -r shell text "*ready*"
		zpty -w -n shell "fitsdb-schema $2"$'"'\\t'"'
		zpty -r shell text "*$3*"
		zpty -d shell' - "$folder" "$2" "$1" || fail "zsh: of \"$2\" it does not make \"$1\""
}

command -v zsh >/dev/null || fail "zsh is needed"
expect_in_zsh 'fitsdb-schema upgrade' upgr
expect_in_zsh 'fitsdb-schema upgrade --lock-timeout' 'upgrade --lock-t'
expect_in_zsh 'fitsdb-schema status --short' 'status --sh'
expect_in_zsh 'fitsdb-schema help identify' 'help ident'
expect_in_zsh '17  18  19' 'upgrade 1'
expect_in_zsh 'upgrade 2023-01' 'upgrade 2023'
echo "completion: bash and zsh complete commands, options and versions"
