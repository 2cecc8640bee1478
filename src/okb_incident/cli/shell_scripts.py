"""The scripts that teach a shell to complete our commands.

Each asks the program with the command line up to the cursor. The first line of the answer says what the shell completes besides, ``-``
where nothing; each further line is one word.
"""

from __future__ import annotations

VARIABLE = "_INCIDENT_COMPLETE"
"""Holds the name of the shell that asks."""

BASH = r"""# Completion of incident for bash.
_incident() {
    local IFS=$'\n' line
    local -a answer
    COMPREPLY=()
    while read -r line; do answer+=("$line"); done < <(
        _INCIDENT_COMPLETE=bash command -- "${COMP_WORDS[0]/#\~/$HOME}" "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null
    )
    local current=${COMP_WORDS[COMP_CWORD]}
    COMPREPLY=("${answer[@]:1}")
    # Where no word is offered, bash itself completes what is wanted.
    case ${answer[0]} in
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
        commands) COMPREPLY+=($(compgen -c -- "$current")) ;;
    esac 2>/dev/null
    compopt -o nosort 2>/dev/null
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace 2>/dev/null
}
complete -F _incident incident
"""

ZSH = r"""#compdef incident
# Completion of incident for zsh.
_incident() {
    local -a answer spaced open
    local line
    answer=("${(@f)$(_INCIDENT_COMPLETE=zsh command "${(Q)words[1]}" "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
    for line in "${(@)answer[2,-1]}"; do
        [[ ${line%%:*} == *[=/] ]] && open+=("$line") || spaced+=("$line")
    done
    local -a matching=(-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}')
    (( $#spaced )) && _describe -V incident spaced "${matching[@]}"
    (( $#open )) && _describe -V incident open "${matching[@]}" -S ''
    case ${answer[1]} in
        files) compset -P '--*='; _files ;;
        folders) compset -P '--*='; _files -/ ;;
        commands) _command_names -e ;;
    esac
}
if [[ ${funcstack[1]} == _incident ]]; then
    _incident "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _incident incident
fi
"""

FISH = r"""# Completion of incident for fish.
function __incident_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l answer (_INCIDENT_COMPLETE=fish command $words[1] $words[2..-1] "$current" 2>/dev/null)
    test (count $answer) -gt 1; and printf '%s\n' $answer[2..-1]
    set -l option (string match -r -- '^--[\w-]+=' "$current")
    set -l path (string replace -r -- '^--[\w-]+=' '' "$current")
    switch "$answer[1]"
        case files
            __fish_complete_path "$path" | string replace -r -- '^' "$option"
        case folders
            __fish_complete_directories "$path" '' | string replace -r -- '^' "$option"
        case commands
            __fish_complete_command
    end
end
complete -c incident -k -f -a '(__incident_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
"""By the name of the shell."""
