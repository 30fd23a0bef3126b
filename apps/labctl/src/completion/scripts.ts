/** What each shell is given to read: it asks `labctl __complete` for the words that may come next. */
export const SCRIPTS = {
  bash: `# labctl completion for bash: source <(labctl completion bash)
_labctl() {
  local line word words=() glue=
  COMPREPLY=()
  # Bash takes --flag=value apart at the sign.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == = && \${#words[@]} -gt 0 ]]; then
      words[-1]+== glue=yes
    elif [[ -n $glue ]]; then
      words[-1]+=$word glue=
    else
      words+=("$word")
    fi
  done
  while IFS=$'\\t' read -r line _; do
    [[ $line != --*=* || \${words[-1]} != *=* ]] || line=\${line#*=}
    COMPREPLY+=("$line")
  done < <(labctl __complete -- "\${words[@]}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[/=] ]]; then compopt -o nospace; fi
}
complete -o default -F _labctl labctl
`,
  zsh: `#compdef labctl
# labctl completion for zsh: source <(labctl completion zsh)
_labctl() {
  local -a texts shown
  local text description
  while IFS=$'\\t' read -r text description; do
    texts+=("$text")
    shown+=("\${text}\${description:+  -- \$description}")
  done < <(labctl __complete -- "\${(@)words[2,\$CURRENT]}" 2>/dev/null)
  if (( \${#texts} == 1 )) && [[ \${texts[1]} == *[/=] ]]; then
    compadd -S '' -- "\${texts[@]}"
  else
    compadd -l -d shown -- "\${texts[@]}"
  fi
}
compdef _labctl labctl
`,
  fish: `# labctl completion for fish: labctl completion fish | source
function __labctl_complete
    set -l words (commandline -opc)[2..-1] (commandline -ct)
    labctl __complete -- $words 2>/dev/null
end
complete -c labctl -f -a '(__labctl_complete)'
`,
} as const;

export type Shell = keyof typeof SCRIPTS;
