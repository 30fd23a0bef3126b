# shellcheck shell=bash
# The streamer: a background job that delivers the spool and tails the section's output and the installer's logs.
# Offsets and line numbers are in files, so that the next section or a restarted streamer goes on where it stopped.
# It holds no file of its parent open (Anaconda reads a section's output to its end), lives a bounded time, and ends when
# its folder is gone or another streamer's.

: "${_lab_child=}" "${_lab_refused=0}" "${_lab_retry_at=0}" "${_lab_beat=0}"

# The files to tail, as "source=path"; several files may feed one source. dnf.log is Fedora's (libdnf5), dnf.librepo.log
# and hawkey.log are EL's (dnf4); syslog alone has what Fedora's modules say, and its %post.
_lab_sources() {
  _LAB_SOURCES=("$LAB_SECTION=$LAB_LOG")
  [[ $LAB_SECTION != post && $LAB_SECTION != first-boot ]] || return 0
  # Outside the chroot one streamer serves every section, and the installer's own logs.
  _LAB_SOURCES=(
    "pre=$LAB_DIR/pre.log" "pre-install=$LAB_DIR/pre-install.log"
    "anaconda=$LAB_TMP/anaconda.log" "program=$LAB_TMP/program.log" "storage=$LAB_TMP/storage.log"
    "packaging=$LAB_TMP/packaging.log" "dnf=$LAB_TMP/dnf.log" "dnf=$LAB_TMP/dnf.librepo.log" "dnf=$LAB_TMP/hawkey.log"
    "syslog=$LAB_TMP/syslog"
  )
}

# Reads what is new into $LAB_DIR/batch.json. Sets _LAB_COMMITS ("FILE NUMBER" each, FILE in $LAB_DIR/offsets: a log's
# name with its offset, `SOURCE.seq` with the source's count of lines), to be kept when the bastion has the batch. False if nothing is new. One wc for all files: a fork a second costs nothing, nine do.
_lab_gather() {
  local size path entry source name offset seq chunk left=1000 bytes=393216 last=$1 count used
  local -A sizes=() seqs=()
  local paths=() at
  for entry in "${_LAB_SOURCES[@]}"; do
    [[ ! -f ${entry#*=} ]] || paths+=("${entry#*=}")
  done
  ((${#paths[@]} > 0)) || return 1
  while read -r size path; do sizes[$path]=$size; done < <(wc -c "${paths[@]}" 2>/dev/null </dev/null)
  _lab_now
  at=$REPLY
  _LAB_COMMITS=()
  _LAB_MORE=no
  : >"$LAB_DIR/batch.lines"
  for entry in "${_LAB_SOURCES[@]}"; do
    source=${entry%%=*} path=${entry#*=} offset=0 seq=${seqs[${entry%%=*}]-}
    name=${path##*/}
    size=${sizes[$path]-0}
    [[ -r $LAB_DIR/offsets/$name ]] && read -r offset <"$LAB_DIR/offsets/$name"
    [[ -n $seq || ! -r $LAB_DIR/offsets/$source.seq ]] || read -r seq <"$LAB_DIR/offsets/$source.seq"
    [[ $offset =~ ^[0-9]+$ ]] || offset=0
    [[ $seq =~ ^[0-9]+$ ]] || seq=0
    ((size >= offset)) || offset=0 # the file was cut: begin again
    ((size > offset)) || continue
    if ((left <= 0 || bytes <= 0)); then
      _LAB_MORE=yes
      continue
    fi
    chunk=$((size - offset))
    ((chunk <= 131072)) || chunk=131072
    tail -c "+$((offset + 1))" "$path" 2>/dev/null </dev/null | head -c "$chunk" | tr '\000' ' ' |
      LC_ALL=C awk -v SECRETFILE="$LAB_DIR/token" -v source="$source" -v at="$at" -v seq="$seq" -v chunk="$chunk" \
        -v last="$last" -v lines="$left" -v bytes="$bytes" -v summary="$LAB_DIR/batch.summary" "$_LAB_AWK$_LAB_AWK_LINES" \
        >>"$LAB_DIR/batch.lines" 2>/dev/null
    count=0 used=0 size=0
    read -r used count size <"$LAB_DIR/batch.summary" || true
    : >"$LAB_DIR/batch.summary"
    ((used > 0)) || continue
    ((used >= chunk && chunk < 131072)) || ((count == 0)) || _LAB_MORE=yes
    left=$((left - count))
    bytes=$((bytes - size))
    seqs[$source]=$((seq + count))
    _LAB_COMMITS+=("$name $((offset + used))" "$source.seq $((seq + count))")
  done
  ((${#_LAB_COMMITS[@]} > 0)) || return 1
  { printf '{"lines":[' && LC_ALL=C awk 'NR > 1 { printf "," } { printf "%s", $0 }' "$LAB_DIR/batch.lines" && printf ']}\n'; } \
    >"$LAB_DIR/batch.json"
}

# One JSON object a line. A line is complete when its newline is there; the unfinished rest waits for the next pass,
# unless this is the last pass or the rest fills the whole chunk.
# shellcheck disable=SC2016
_LAB_AWK_LINES='
function emit(s,  item) {
  if (full) return
  used += length(s) + 1
  s = lab_last_state(s)
  item = sprintf("{\"seq\":%d,\"at\":\"%s\",\"source\":\"%s\",\"text\":\"%s\"}", seq + count + 1, at, source, lab_escape(lab_redact(substr(s, 1, 8000))))
  count++
  size += length(item) + 1
  print item
  if (count >= lines || size >= bytes) full = 1
}
{ if (NR > 1) emit(held); held = $0; total += length($0) + 1 }
END {
  if (NR > 0) {
    if (total <= chunk) emit(held)
    else if (last == "yes" || (NR == 1 && chunk >= 131072)) { emit(held); if (used > chunk) used = chunk }
  }
  printf "%d %d %d\n", used, count, size > summary
}
'

# Ships batches until nothing is left. LAST: yes takes an unfinished last line too. False if the bastion is away.
_lab_ship_logs() {
  local commit name number rounds=0
  while ((rounds < 64)) && _lab_gather "$1"; do
    rounds=$((rounds + 1))
    _lab_post /api/log "$LAB_DIR/batch.json"
    case $REPLY in
      # A refused batch is passed over: sending it for ever would hide every line after it.
      2?? | 400 | 409 | 413 | 415 | 422) ;;
      *) return 1 ;;
    esac
    for commit in "${_LAB_COMMITS[@]}"; do
      read -r name number <<<"$commit"
      printf '%s\n' "$number" >"$LAB_DIR/offsets/$name"
    done
    _lab_beat=$SECONDS
    [[ $_LAB_MORE == yes ]] || break
    # Progress never waits for a flood of lines.
    [[ -e $LAB_DIR/handed-over ]] || _lab_deliver_spool || return 1
  done
  return 0
}

# An empty batch says "still here" while there is nothing to say, so that silence means something.
_lab_heartbeat() {
  ((SECONDS - _lab_beat >= ${LAB_HEARTBEAT_SECONDS:-20})) || return 0
  printf '{"lines":[]}\n' >"$LAB_DIR/batch.json"
  _lab_post /api/log "$LAB_DIR/batch.json"
  _lab_beat=$SECONDS
}

# An installer that ended without asking for the last logs: its kickstart didn't parse (what %pre wrote is read only after
# it), it crashed, it was killed for want of memory. No %onerror runs then, and after the first of these nothing restarts
# the machine (docs/boot-facts.md): this does, when the installer's own restart, if there is one, had its time.
_lab_watch_installer() {
  local pid=''
  [[ -r $LAB_DIR/installer && ! -e $LAB_DIR/stop ]] || return 0
  read -r pid <"$LAB_DIR/installer" || true
  if [[ ! $pid =~ ^[0-9]+$ ]] || kill -0 "$pid" 2>/dev/null; then return 0; fi
  : "${_lab_gone_at:=$SECONDS}"
  ((SECONDS - _lab_gone_at >= ${LAB_GONE_SECONDS:-20})) || return 0
  _lab_installer_failed '' 'The installer ended, without a word to anybody.'
  _lab_deliver_spool && _lab_ship_logs yes
  ((SECONDS - _lab_gone_at >= ${LAB_FAILED_SECONDS:-180})) || [[ -z $(ls -A "$LAB_DIR/spool") ]] || return 0
  rm -f "$LAB_DIR/installer"
  lab_restart
}

_lab_stream() {
  trap - ERR DEBUG EXIT
  set +eEuTx +o pipefail
  trap '' HUP
  cd / || true
  umask 077
  unset LAB_TOKEN
  # Longer than any install, and shorter than for ever.
  _lab_stream_until=$((SECONDS + ${LAB_STREAM_SECONDS:-21600}))
  _lab_beat=$SECONDS
  _lab_sources
  lab_pause 0.01 || true # what it waits with is opened while a fork works
  {
    declare -f && declare -p "${!LAB_@}" "${!_LAB_@}" "${!_lab_@}"
    # shellcheck disable=SC2016 # for the other bash
    printf 'SECONDS=$1\ntrap "" HUP\nlab_pause 5\n_lab_stream_loop\n'
  } >"$LAB_DIR/streamer.sh"
  _lab_stream_loop
}

_lab_stream_loop() {
  local flush stop passed
  trap 'trap - EXIT; [[ -z ${_lab_child-} ]] || kill -9 "$_lab_child" 2>/dev/null; _lab_stream_gone; exit 0' TERM
  # bash ends when it can't fork for want of memory or processes (jobs.c, make_child); it can still become another bash,
  # with the same PID, which tries again after a while.
  trap '! _lab_stream_mine || exec "$BASH" "$LAB_DIR/streamer.sh" "$SECONDS"' EXIT
  while ((SECONDS < _lab_stream_until && _lab_refused < 60)) && _lab_stream_mine; do
    # Looked at before the files are read: what was written before the request is in this pass.
    flush=no stop=no passed=no
    [[ ! -e $LAB_DIR/flush ]] || flush=yes
    [[ ! -e $LAB_DIR/stop ]] || stop=yes flush=yes
    if [[ $flush == yes ]] || ((SECONDS >= _lab_retry_at)); then
      if { [[ -e $LAB_DIR/handed-over ]] || _lab_deliver_spool; } && _lab_ship_logs "$flush"; then
        passed=yes
        _lab_heartbeat
      fi
    fi
    _lab_watch_installer
    if [[ $passed == yes && $flush == yes ]]; then
      rm -f "$LAB_DIR/flush"
      [[ $stop == no ]] || break
    fi
    lab_pause "${LAB_TICK_SECONDS:-1}" || break
  done
  trap - EXIT
  _lab_stream_gone
}

# True in the streamer while the folder is there and names no other one. No fork: it is asked at every turn.
_lab_stream_mine() {
  local pid=
  { read -r pid <"$LAB_DIR/streamer"; } 2>/dev/null
  [[ -d $LAB_DIR && ${pid:-$BASHPID} == "$BASHPID" ]]
}

_lab_stream_gone() {
  ! _lab_stream_mine || rm -f "$LAB_DIR/streamer" "$LAB_DIR/streamer.sh"
}

# True if a streamer of this folder runs. A zombie has no command line, a process that took over its number another one.
_lab_stream_alive() {
  local pid='' command=''
  [[ -r $LAB_DIR/streamer ]] && read -r pid <"$LAB_DIR/streamer"
  [[ $pid =~ ^[0-9]+$ ]] && kill -0 "$pid" 2>/dev/null || return 1
  [[ -r /proc/$pid/cmdline ]] || return 0
  read -r -d '' command <"/proc/$pid/cmdline"
  [[ ${command##*/} == bash ]]
}

# Starts the streamer unless one runs.
_lab_stream_start() {
  ! _lab_stream_alive || return 0
  rm -f "$LAB_DIR/streamer" "$LAB_DIR/stop" "$LAB_DIR/flush"
  _lab_stream >/dev/null 2>&1 </dev/null &
  printf '%s\n' "$!" >"$LAB_DIR/streamer"
  disown "$!" 2>/dev/null || true
}

# Asks for everything to be sent and waits at most SECONDS. With `stop` the streamer ends, by force if it must.
_lab_flush() {
  local limit=$((SECONDS + $1)) request=${2:-flush} pid=
  _lab_stream_start
  [[ -r $LAB_DIR/streamer ]] && read -r pid <"$LAB_DIR/streamer"
  : >"$LAB_DIR/$request"
  while ((SECONDS < limit)); do
    [[ $request == stop || -e $LAB_DIR/flush ]] || return 0
    _lab_stream_alive || return 0
    lab_pause 0.1 || break
  done
  rm -f "$LAB_DIR/flush"
  [[ $request == stop && -n $pid ]] || return 0
  kill "$pid" 2>/dev/null || true
  lab_pause 0.2 || true
  kill -9 "$pid" 2>/dev/null || true
}
