# shellcheck shell=bash
# Waiting without a program. `sleep` needs memory to fork and a file system that still answers: where either is missing,
# a loop around it spins. bash waits by itself in `read -t` on a descriptor that nothing ever comes from.

# lab_pause SECONDS (more than 0, fractions too). False if there is nothing to wait with: then a loop must end.
lab_pause() {
  local rc=0
  [[ -n ${_lab_never-} ]] || _lab_open_never || _lab_never=none
  if [[ $_lab_never == none ]]; then
    sleep "$1" 2>/dev/null
    return
  fi
  read -r -t "$1" -u "$_lab_never" _ || rc=$?
  ((rc > 128)) # read's exit code for a time-out
}

# Sets _lab_never. A pipe that this shell has open for writing, too: never at its end (%pre has no mkfifo). Where /dev/fd
# isn't there, a socket that nobody sends to, or a terminal that nobody types at. None of them is of the section's output.
_lab_open_never() {
  local rc way
  for way in pipe socket terminal; do
    case $way in
      pipe) exec {_lab_never}<> <(:) ;;
      socket) exec {_lab_never}<>/dev/udp/127.0.0.1/9 ;;
      terminal) exec {_lab_never}<>/dev/ptmx ;;
    esac 2>/dev/null || continue
    rc=0
    read -r -t 0.01 -u "$_lab_never" _ || rc=$?
    ((rc <= 128)) || return 0
    exec {_lab_never}>&- || true
  done
  return 1
}
