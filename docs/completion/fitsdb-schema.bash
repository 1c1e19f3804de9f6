# Completion for bash: commands, options and versions, read from the executable.

_fitsdb_schema() {
	local program=$1 word=$2 before=$3 command='' i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		[a-z]*)
			# Skip the value of an option.
			[[ ${COMP_WORDS[i - 1]} == @(=|-d|-h|-p|-U|--dbname|--host|--port|--username|--role|--at-least|--set) ]] && continue
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	COMPREPLY=()
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$("$program" help ${command:+"$command"} 2>/dev/null |
			sed -n 's/^ .\{5\}\(--[a-z-]*=\{0,1\}\).*/\1/p')" -- "$word")
		[[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	elif [[ ! $command || $command == help && $before == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$("$program" help 2>/dev/null |
			sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')" -- "$word")
	elif [[ $before == "$command" ]] && "$program" help "$command" 2>/dev/null | grep -q '^  .* \[\{0,1\}VERSION'; then
		mapfile -t COMPREPLY < <(compgen -W "$(seq 0 "$("$program" version --latest 2>/dev/null)")
			$("$program" version --releases 2>/dev/null | cut -d' ' -f1)" -- "$word")
	fi
}

complete -F _fitsdb_schema fitsdb-schema
