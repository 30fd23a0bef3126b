# shellcheck shell=bash
# Delivery of reports to the bastion: JSON, a spool on disk, bounded posts. Part of the observe library, and what the
# first boot uses alone. Uses only what the installer's image and a minimal system have: bash, curl, awk, tail.
#
# In: LAB_DIR (private state folder), LAB_SECTION, and of the data file LAB_URL (http://IP:PORT) and LAB_TOKEN.

# Turns text into JSON strings. Bytes that are not UTF-8 become U+FFFD, control characters other than tab a space: an
# installer's log may hold anything, and one bad byte must not cost the batch. Of "10%\r20%\r" only the last state is
# kept. Works on bytes (LC_ALL=C).
# shellcheck disable=SC2016 # awk's variables, not the shell's
_LAB_AWK='
function lab_init(  i) {
  for (i = 1; i < 256; i++) ORD[sprintf("%c", i)] = i
}
function lab_need(o) {
  if (o >= 194 && o <= 223) return 1
  if (o >= 224 && o <= 239) return 2
  if (o >= 240 && o <= 244) return 3
  return 0
}
function lab_valid(s, at, o, need,  k, b) {
  for (k = 1; k <= need; k++) {
    b = ORD[substr(s, at + k, 1)] + 0
    if (b < 128 || b > 191) return 0
    if (k == 1 && ((o == 224 && b < 160) || (o == 237 && b > 159) || (o == 240 && b < 144) || (o == 244 && b > 143))) return 0
  }
  return 1
}
function lab_escape(s,  out, n, i, c, o, need) {
  if (s ~ /^[A-Za-z0-9 .,:;\/()_=+*#-]*$/) return s
  out = ""
  n = length(s)
  for (i = 1; i <= n; i++) {
    c = substr(s, i, 1)
    o = ORD[c] + 0
    if (c == "\"" || c == "\\") out = out "\\" c
    else if (o == 9) out = out "\\t"
    else if (o < 32 || o == 127) out = out " "
    else if (o < 128) out = out c
    else {
      need = lab_need(o)
      if (need > 0 && lab_valid(s, i, o, need)) { out = out substr(s, i, need + 1); i += need }
      else out = out "\\ufffd"
    }
  }
  return out
}
function lab_last_state(s,  n, parts) {
  sub(/\r+$/, "", s)
  if (index(s, "\r") == 0) return s
  n = split(s, parts, "\r")
  return parts[n]
}
function lab_redact(s) {
  if (s ~ /\/ks\/install\//) gsub(/\/ks\/install\/[A-Za-z0-9_-]+/, "/ks/install/***", s)
  if (SECRET != "" && index(s, SECRET) > 0) gsub(SECRET, "***", s)
  return s
}
BEGIN { lab_init(); if (SECRETFILE != "") { getline SECRET < SECRETFILE; close(SECRETFILE) } }
'

# Prepares the state folder. The token is in files of mode 0600 only: never in an argument, never in a log line.
_lab_delivery_init() {
  local old
  old=$(umask)
  umask 077
  mkdir -p "$LAB_DIR/spool" "$LAB_DIR/offsets" || true
  printf '%s\n' "${LAB_TOKEN-}" >"$LAB_DIR/token" || true
  {
    printf 'silent\noutput = "/dev/null"\nnoproxy = "*"\n'
    printf 'connect-timeout = %s\nmax-time = %s\n' "${LAB_CONNECT_SECONDS:-3}" "${LAB_POST_SECONDS:-10}"
    printf 'header = "Authorization: Bearer %s"\nheader = "Expect:"\n' "${LAB_TOKEN-}"
  } >"$LAB_DIR/curl.conf" || true
  umask "$old"
  _lab_retry_at=0
  _lab_backoff=0
  _lab_refused=0
}

# REPLY: now, as RFC 3339 in UTC with milliseconds.
_lab_now() {
  local LC_ALL=C now=${EPOCHREALTIME:-$SECONDS.000000} TZ=UTC0
  printf -v REPLY '%(%Y-%m-%dT%H:%M:%S)T.%sZ' "${now%.*}" "${now:(-6):3}"
}

# REPLY: the text as a JSON string with its quotes, cut to 1,000 bytes; a newline becomes a space.
_lab_json() {
  local LC_ALL=C text=${1-}
  text=${text//$'\n'/ }
  REPLY=$(printf '%s\n' "${text:0:1000}" |
    LC_ALL=C awk -v SECRETFILE="$LAB_DIR/token" "$_LAB_AWK"'{ printf "%s", lab_escape(lab_redact($0)) }' 2>/dev/null) || REPLY=''
  REPLY="\"$REPLY\""
}

# REPLY: lines of standard input as a JSON array of strings; at most 50 lines of 2,000 bytes.
_lab_json_lines() {
  REPLY=$(LC_ALL=C awk -v SECRETFILE="$LAB_DIR/token" "$_LAB_AWK"'
    NR <= 50 { printf "%s\"%s\"", (NR > 1 ? "," : ""), lab_escape(lab_redact(substr(lab_last_state($0), 1, 2000))) }' 2>/dev/null) || REPLY=''
  REPLY="[$REPLY]"
}

# Puts a progress report into the spool: STAGE EVENT [MESSAGE] [more JSON members, each beginning with a comma].
# Costs a file, never a request: the streamer delivers it. seq counts up over all sections of the install.
_lab_report() {
  local stage=$1 event=$2 message=${3-} more=${4-} seq=0 at body name
  [[ -r $LAB_DIR/seq ]] && read -r seq <"$LAB_DIR/seq"
  [[ $seq =~ ^[0-9]+$ ]] || seq=0
  # A run that never had the sections before it counted in its own folder still counts up.
  ((seq > 0)) || seq=${LAB_SEQ_BASE:-0}
  seq=$((seq + 1))
  printf '%s\n' "$seq" >"$LAB_DIR/seq"
  _lab_now
  at=$REPLY
  body="{\"stage\":\"$stage\",\"event\":\"$event\",\"seq\":$seq,\"at\":\"$at\",\"section\":\"$LAB_SECTION\""
  if [[ -n $message ]]; then
    _lab_json "$message"
    body+=",\"message\":$REPLY"
  fi
  printf -v name '%010d' "$seq"
  printf '%s%s}\n' "$body" "$more" >"$LAB_DIR/spool/.$name" && mv "$LAB_DIR/spool/.$name" "$LAB_DIR/spool/$name.json"
}

# Posts a file: PATH FILE. REPLY: the HTTP status, 000 without an answer. curl runs as a job so that a signal can end it.
_lab_post() {
  # The name is made before the job: in the job BASHPID would be the job's.
  local code=000 answer=$LAB_DIR/answer.$BASHPID
  curl -q --config "$LAB_DIR/curl.conf" --header 'Content-Type: application/json' --data-binary "@$2" \
    --write-out '%{http_code}' "$LAB_URL$1" >"$answer" 2>/dev/null </dev/null &
  _lab_child=$!
  wait "$_lab_child"
  _lab_child=
  read -r code <"$answer" || true
  rm -f "$answer"
  REPLY=${code:-000}
  case $REPLY in
    2??)
      _lab_backoff=0
      _lab_refused=0
      ;;
    401 | 403 | 404 | 410)
      # Who asks for leave to touch the disk goes no further (observe.sh).
      [[ $REPLY == 404 || $1 != /api/progress ]] || : >"$LAB_DIR/ended"
      # The install has ended for the bastion, or it doesn't know it: asking fast wouldn't help.
      _lab_refused=$((_lab_refused + 1))
      _lab_back_off 30
      ;;
    400 | 409 | 413 | 415 | 422) _lab_backoff=0 ;;
    *) _lab_back_off 15 ;;
  esac
}

# No request before _lab_retry_at: 1, 2, 4 … up to LIMIT seconds, and up to a second of jitter.
_lab_back_off() {
  _lab_backoff=$((_lab_backoff == 0 ? 1 : _lab_backoff * 2))
  ((_lab_backoff <= $1)) || _lab_backoff=$1
  _lab_retry_at=$((SECONDS + _lab_backoff + RANDOM % 2))
}

# Sends what is in the spool, oldest first; stops at the first that can't be delivered, so that order is kept.
_lab_deliver_spool() {
  local file
  for file in "$LAB_DIR"/spool/*.json; do
    [[ -e $file ]] || continue
    _lab_post /api/progress "$file"
    case $REPLY in
      2??) rm -f "$file" ;;
      # The bastion will never take this one: keep it for a person, and go on with the next.
      # 410 is a cancelled install's, whose later reports tell whether it went on.
      400 | 409 | 410 | 413 | 415 | 422) mv -f "$file" "$file.refused" ;;
      *) return 1 ;;
    esac
  done
  return 0
}
