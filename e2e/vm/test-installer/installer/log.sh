# shellcheck shell=bash
# The installer's logs: names, places and formats of each family (docs/boot-facts.md, "Logs").
#   anaconda.log, program.log   the main process: "HH:MM:SS,mmm LVL prefix: message" (pyanaconda/anaconda_logging.py)
#   storage.log, packaging.log  the modules: "LEVEL:logger:message", without a time (modules/common/__init__.py)
#   syslog                      every line of a module too, as a WARNING of org.fedoraproject.Anaconda.Modules.NAME
# On Fedora the tasks and %post are in modules, on EL 10 scripts are; EL 9 has both in its main process.

# log_to FILE LEVEL NAME MESSAGE
log_to() {
  local now micros
  now=$EPOCHREALTIME
  micros=${now#*.}
  printf '%(%H:%M:%S)T,%s %s %s: %s\n' "${now%.*}" "${micros:0:3}" "$2" "$3" "$4" >>"$LOG_DIR/$1"
}

# log_syslog SEVERITY PROGRAM MESSAGE
log_syslog() {
  local now micros
  now=$EPOCHREALTIME
  micros=${now#*.}
  printf '%(%H:%M:%S)T,%s %s %s:%s\n' "${now%.*}" "${micros:0:3}" "$1" "$2" "$3" >>"$LOG_DIR/syslog"
}

# log_module MODULE LEVEL LOGGER MESSAGE: what a D-Bus module says.
log_module() {
  local file=''
  case $1 in Storage) file=storage.log ;; Payloads) file=packaging.log ;; esac
  [[ -z $file ]] || printf '%s:%s:%s\n' "$2" "$3" "$4" >>"$LOG_DIR/$file"
  log_syslog WARNING "org.fedoraproject.Anaconda.Modules.$1" "$2:$3:$4"
}

log_anaconda() { log_to anaconda.log "$1" "$2" "$3"; }
log_storage() { log_module Storage "${2:-INFO}" blivet "$1"; }
# The Boss runs the queue on Fedora; before that, the main process does.
log_boss() {
  if [[ $FAMILY == fedora ]]; then
    log_syslog WARNING org.fedoraproject.Anaconda.Boss "INFO:anaconda.modules.boss.installation:$1"
  else
    log_anaconda INF installation "$1"
  fi
}

# log_command WHO LEVEL TEXT: a line of the program logger. WHO: main, Storage, or another module.
log_command() {
  local who=$1
  [[ $who == Storage || $FAMILY != el9 ]] || who=main
  if [[ $who == main ]]; then
    case $2 in DEBUG) log_to program.log DBG program "$3" ;; *) log_to program.log INF program "$3" ;; esac
  else
    log_module "$who" "$2" program "$3"
  fi
}

# What a person sees on the console: anaconda's stdout logger, "%(asctime)s %(message)s".
say() {
  printf '%(%H:%M:%S)T %s\n' -1 "$1"
  log_anaconda INF "ui.lib" "$1"
}

# run COMMAND…: an external program, its output and exit code into the log of whoever runs it (MODULE: Storage, or
# another module); answers the exit code. Its standard input is the file INPUT, or nothing.
run() {
  local output code=0 line who=${MODULE:-main}
  log_command "$who" INFO "Running... $*"
  output=$("$@" 2>&1 <"${INPUT:-/dev/null}") || code=$?
  if [[ $who == Storage ]]; then log_command "$who" INFO "stdout:"; fi
  [[ -z $output ]] || while IFS= read -r line; do log_command "$who" INFO "$line"; done <<<"$output"
  if [[ $who == Storage ]]; then
    log_command "$who" INFO "stderr:" # empty after a tool that went well
    log_command "$who" DEBUG "Return code: $code"
  else
    log_command "$who" DEBUG "Return code of $1: $code"
  fi
  LAST_OUTPUT=$output
  return "$code"
}

# must COMMAND…: the same, and a failure is fatal to the install.
must() {
  run "$@" || fatal "Process reported exit code $?: $*${LAST_OUTPUT:+: ${LAST_OUTPUT##*$'\n'}}"
}
