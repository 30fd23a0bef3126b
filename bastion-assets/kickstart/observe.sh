# shellcheck shell=bash
# The observe library of the kickstart sections: stages, log lines, and exactly one report whatever way a section dies.
# The section's prelude holds pause.sh, deliver.sh, stream.sh, this, and ends with:
#   lab_begin OUTER ENDS ADOPTS NEXT; _lab_line0=$LINENO
# Facts that shape it (bash 5.2, run): ERR fires for a failed command, in a function and a substitution too; twice for a
# subshell; with the wrong BASH_COMMAND for a pipeline; not for an unbound variable, `exit 3` or a syntax error, which
# only EXIT sees. So ERR stores what it knows in a file, and EXIT decides.

# stage NAME: the stage before it ends, this one starts.
stage() {
  _lab_stage "${1-}" || true
}

# stage_done: the current stage ends.
stage_done() {
  _lab_stage_done || true
}

# stage_note TEXT: shown with the end of the current stage; a warning that is not a failure.
stage_note() {
  _lab_note=${1-}
  bastion_log "${1-}"
}

# bastion_log TEXT: an explicit line in the install's log.
bastion_log() {
  printf '%s\n' "$*" >>"$LAB_LOG" 2>/dev/null || true
}

# lab_fail REASON: ends the section as failed, with a reason for a person.
lab_fail() {
  printf '%s\n' "$1" >"$LAB_DIR/reason" || true
  bastion_log "failed: $1"
  exit 1
}

_lab_stage() {
  _lab_stage_done
  _lab_current=$1
  printf '%s\n' "$1" >"$LAB_DIR/stage"
  _lab_report "$1" started
}

_lab_stage_done() {
  [[ -n ${_lab_current-} ]] || return 0
  _lab_report "$_lab_current" ended "${_lab_note-}"
  _lab_current=
  _lab_note=
  printf '%s\n' "${_lab_outer-}" >"$LAB_DIR/stage"
}

# lab_begin OUTER ENDS ADOPTS NEXT, each a stage or empty: OUTER lasts as long as the section; ENDS, begun by a section
# before, ends now; ADOPTS, begun before too, goes on as the current stage; NEXT starts when the section has succeeded.
lab_begin() {
  _lab_outer=$1 _lab_next=$4 _lab_current=$3 _lab_note='' _lab_line=0 _lab_command='' _lab_main=$BASHPID _lab_count=0
  LAB_LOG=$LAB_DIR/$LAB_SECTION.log
  _lab_delivery_init || true
  # The installer, to know when it has ended without a word.
  [[ $LAB_SECTION != pre ]] || printf '%s\n' "$PPID" >"$LAB_DIR/installer" || true
  rm -f "$LAB_DIR/error.$LAB_SECTION" "$LAB_DIR/error.inner" "$LAB_DIR/reason" || true
  # A file of our own: Anaconda writes a section's --log only after its end, and a pipe held open would hang it.
  exec >>"$LAB_LOG" 2>&1 </dev/null || exec >/dev/null 2>&1
  [[ -z $2 ]] || _lab_report "$2" ended || true
  [[ -z $1 ]] || _lab_report "$1" started || true
  printf '%s\n' "${_lab_current:-$1}" >"$LAB_DIR/stage" || true
  _lab_stream_start || true
  trap 'exit 143' TERM
  trap 'exit 130' INT
  trap 'exit 129' HUP
  trap '_lab_on_exit "$?"' EXIT
  trap '_lab_on_error "$?" "$LINENO" "$BASH_COMMAND" "${#PIPESTATUS[@]}"' ERR
  trap '_lab_on_command "$LINENO" "$BASH_COMMAND"' DEBUG
  set -eEuTo pipefail
  shopt -s inherit_errexit
}

# Before every command: remembers it for the deaths that ERR doesn't see. The library's own lines don't count.
_lab_on_command() {
  ((${_lab_line0:-0} > 0 && $1 > _lab_line0)) || return 0
  [[ $2 != _lab_* ]] || return 0
  _lab_line=$1 _lab_command=$2
  [[ $BASHPID != "$_lab_main" ]] || _lab_count=$((_lab_count + 1))
}

# ERR: RC LINE COMMAND PIPELINE-LENGTH. A subshell knows the line best, but only its parent knows that it matters: what
# a subshell noted counts for the parent's current command, and not if the parent survived it (`local x=$(false)`).
# The count has gone up by one for the call of this very function.
_lab_on_error() {
  local rc=$1 line=$2 command=$3 inner_rc='' inner_count=0
  [[ ! -r $LAB_DIR/error.inner ]] || read -r inner_rc inner_count <"$LAB_DIR/error.inner" || true
  if [[ $inner_rc != "$rc" ]] || ((inner_count < _lab_count - 1)); then
    # For a pipeline BASH_COMMAND names one of its parts: the line itself says more.
    (($4 <= 1)) || _lab_source_line "$line" command
    printf '%s\n%s\n%s\n' "$rc $_lab_count" "$line" "${command//$'\n'/ }" >"$LAB_DIR/error.inner" || true
  fi
  [[ $BASHPID != "$_lab_main" ]] || mv -f "$LAB_DIR/error.inner" "$LAB_DIR/error.$LAB_SECTION" || true
}

# Sets the variable named NAME to the text of line N of the script, if it can be read.
_lab_source_line() {
  local text
  text=$(sed -n "$1p" "$0" 2>/dev/null) || return 0
  text=${text#"${text%%[![:space:]]*}"}
  [[ -z $text ]] || printf -v "$2" '%s' "$text"
}

_lab_on_exit() {
  trap - ERR EXIT DEBUG TERM INT HUP
  set +eEuTx +o pipefail
  # From here on nothing of the library's own may get into the section's log.
  exec >/dev/null 2>&1
  _lab_finish "$1"
  exit "$_lab_rc"
}

# Sets _lab_rc, what the section ends with.
_lab_finish() {
  local rc=$1
  if ((rc == 0)); then
    _lab_stage_done
    [[ -z $_lab_outer ]] || _lab_report "$_lab_outer" ended
    if [[ -n $_lab_next ]]; then
      _lab_report "$_lab_next" started
      printf '%s\n' "$_lab_next" >"$LAB_DIR/stage"
    fi
    # Given up below: it starts again.
    [[ $_lab_next != partitioning ]] || _lab_has_leave || rc=1
  else
    _lab_report_failure "$rc"
  fi
  # In the chroot nothing may live on: an open file would keep the target mounted. What is left goes out at first boot.
  if ((rc != 0)); then
    _lab_give_up
  elif [[ $LAB_SECTION == post ]]; then
    # A machine that starts before its bastion knows that %post ended is installed anew: better wait a minute for it.
    _lab_flush "${LAB_FLUSH_SECONDS:-60}" stop
  fi
  # The script holds the token, and Anaconda leaves it in /tmp. (Emptied, not removed: its reader may still want it.)
  [[ $0 != "$LAB_TMP"/ks-script-* ]] || : >"$0"
  _lab_rc=$rc
}

# Whether the disk may be touched, which is what comes next: the streamer has delivered the report that says so, and the
# bastion hasn't answered that the install is cancelled. A bastion that is away never fails an install: after a minute it
# goes on without leave. labd reckons with that minute when it is told to cancel (GATE_SECONDS in libs/domain).
_lab_has_leave() {
  local limit=$((SECONDS + ${LAB_GATE_SECONDS:-60})) waiting
  _lab_stream_start
  while :; do
    waiting=("$LAB_DIR"/spool/*.json)
    if [[ -e $LAB_DIR/ended ]]; then
      bastion_log 'The install was cancelled. Nothing was erased; the machine starts again.'
      return 1
    fi
    [[ -e ${waiting[0]} ]] || return 0
    if ((SECONDS >= limit)); then
      bastion_log 'The bastion does not answer; the install goes on without its leave.'
      return 0
    fi
    lab_pause 0.2 || return 0
  done
}

# The section failed: the machine goes back to its bastion. It has to see to that itself: after a failed %pre every
# Anaconda stays on for ever, and EL 9's and 10's wait for Enter after a failed %pre-install or %post, without %onerror
# (docs/boot-facts.md). Nothing else goes on meanwhile: the installer waits for this section. First all is sent; a
# bastion that is away is waited for as long as Anaconda shows its own errors.
_lab_give_up() {
  local outside=${LAB_OUTSIDE:-/proc/1/root/tmp/lab} limit
  if [[ $LAB_SECTION == post ]]; then
    _lab_flush "${LAB_FAILED_SECONDS:-180}" stop
    # The installer's own logs, by the streamer outside the chroot.
    [[ ! -e $outside/streamer ]] || : >"$outside/stop"
    limit=$((SECONDS + ${LAB_FLUSH_SECONDS:-10}))
    while [[ -e $outside/streamer ]] && ((SECONDS < limit)); do lab_pause 0.2 || break; done
  else
    _lab_flush "${LAB_FAILED_SECONDS:-180}"
  fi
  lab_restart
}

# The one failure report of the section: what ERR stored, else the last command seen, else bash's own message.
_lab_report_failure() {
  local rc=$1 line=$_lab_line command=$_lab_command stored='' reason='' stage=${_lab_current:-$_lab_outer} message last text
  last=$(tail -n 20 "$LAB_LOG" 2>/dev/null | tr '\000' ' ')
  if [[ -r $LAB_DIR/error.$LAB_SECTION ]]; then
    { read -r stored _ && read -r line && IFS= read -r command; } <"$LAB_DIR/error.$LAB_SECTION"
  fi
  if [[ $stored != "$rc" ]]; then
    line=$_lab_line command=$_lab_command
    while IFS= read -r text; do
      [[ $text == "$0: line "* ]] || continue
      text=${text#"$0: line "}
      case $text in
        *'syntax error'* | *'unexpected EOF'* | *'unbound variable'* | *'parameter '*'not set'*)
          line=${text%%:*} reason=${text#*: }
          _lab_source_line "$line" command
          ;;
      esac
    done <<<"$last"
  fi
  [[ ! -r $LAB_DIR/reason ]] || reason=$(<"$LAB_DIR/reason")
  [[ $line =~ ^[0-9]+$ ]] && ((line > ${_lab_line0:-0})) && line=$((line - ${_lab_line0:-0})) || line=null
  message=${reason:-"\"$command\" ended with exit code $rc"}
  lab_report_failed "$stage" "%$LAB_SECTION" "$line" "$command" "$rc" "$message" "$last"
}

# lab_report_failed STAGE SECTION LINE|null COMMAND EXIT-CODE|null MESSAGE LAST-LINES
lab_report_failed() {
  local more section=$2 line=$3 rc=$5
  _lab_json "$4"
  more=",\"failure\":{\"section\":\"$section\",\"stage\":\"$1\",\"line\":$line,\"command\":$REPLY,\"exit_code\":$rc"
  _lab_json_lines <<<"$7"
  _lab_report "$1" failed "$6" "$more,\"last_lines\":$REPLY}"
  : >"$LAB_DIR/failed"
}
