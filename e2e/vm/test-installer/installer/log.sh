# shellcheck shell=bash
# The installer's logs, in the formats of Anaconda's (pyanaconda/anaconda_logging.py):
#   anaconda.log  "%(asctime)s,%(msecs)03d %(levelname)s %(log_prefix)s: %(message)s"   (H:M:S)
#   the others    "%(asctime)s,%(msecs)03d %(levelname)s %(name)s: %(message)s"

# log_to FILE LEVEL NAME MESSAGE
log_to() {
  local now micros
  now=$EPOCHREALTIME
  micros=${now#*.}
  printf '%(%H:%M:%S)T,%s %s %s: %s\n' "${now%.*}" "${micros:0:3}" "$2" "$3" "$4" >>"$LOG_DIR/$1"
}

log_anaconda() { log_to anaconda.log "$1" "$2" "$3"; }
log_program() { log_to program.log INF program "$1"; }
log_storage() { log_to storage.log INF blivet "$1"; }
log_packaging() { log_to packaging.log "$1" packaging "$2"; }

# What a person sees on the console: anaconda's stdout logger, "%(asctime)s %(message)s".
say() {
  printf '%(%H:%M:%S)T %s\n' -1 "$1"
  log_anaconda INF "ui.lib" "$1"
}

# run COMMAND…: an external program, its output and exit code into program.log; answers the exit code. Its
# standard input is the file INPUT, or nothing.
run() {
  local output code=0
  log_program "Running... $*"
  output=$("$@" 2>&1 <"${INPUT:-/dev/null}") || code=$?
  [[ -z $output ]] || while IFS= read -r line; do log_program "$line"; done <<<"$output"
  log_to program.log DBG program "Return code: $code"
  LAST_OUTPUT=$output
  return "$code"
}

# must COMMAND…: the same, and a failure is fatal to the install.
must() {
  run "$@" || fatal "Process reported exit code $?: $*${LAST_OUTPUT:+: ${LAST_OUTPUT##*$'\n'}}"
}

# fatal MESSAGE: the installer's own error in non-interactive mode: tells, runs %onerror, and stops for good. The
# machine stays on and silent, as a real one does.
fatal() {
  trap - ERR
  log_anaconda CRT "exception" "$1"
  printf '\nRunning in cmdline mode, no interactive debugging allowed.\nThe exact error message is: \n\n%s.\n\nThe installer will now terminate.\n' "$1"
  [[ ${ONERROR_READY:-} != yes ]] || run_sections onerror || true
  terminate 1
}

# terminate CODE: ends the installer. Its own function so that a test can run the sections without a machine.
terminate() {
  exit "$1"
}
