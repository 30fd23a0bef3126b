# shellcheck shell=bash
# The harmless lines that look alarming: in every run, so that whoever takes one for a cause is wrong in every test.

# make_noise WHEN: the lines of noise.txt for that step.
make_noise() {
  local when family place text level rest
  while IFS='|' read -r when family place text; do
    [[ $when == "$1" && ($family == all || $family == "$FAMILY") ]] || continue
    level=${text%% *} rest=${text#* }
    case $place in
      syslog) log_syslog "$level" "${rest%%:*}" "${rest#*:}" ;;
      anaconda) log_anaconda "$level" "${rest%%: *}" "${rest#*: }" ;;
      storage) log_module Storage "$level" "${rest%% *}" "${rest#* }" ;;
      packaging) log_packaging "$level" "${rest#* }" ;;
      dnf) printf '%(%Y-%m-%dT%H:%M:%S+0000)T [%s] %s\n' -1 "$$" "$text" >>"$LOG_DIR/dnf.log" ;;
    esac
  done <"$LIBEXEC/noise.txt"
}

# packaging.log is the main process' on EL 9, with a time, and the module's elsewhere.
log_packaging() {
  if [[ $FAMILY == el9 ]]; then
    log_to packaging.log "${1:0:3}" packaging "$2"
  else
    log_module Payloads "$1" anaconda.modules.payloads.payload.dnf.dnf_manager "$2"
  fi
}
