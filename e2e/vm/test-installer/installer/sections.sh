# shellcheck shell=bash
# Runs script sections as pyanaconda/core/kickstart/scripts.py does.

# run_sections TYPE: all sections of that type, in order. %pre is fatal without %onerror, the others with.
run_sections() {
  local type=$1 file id
  for file in "$WORK"/sections/*.type; do
    [[ -e $file && $(<"$file") == "$type" ]] || continue
    id=${file%.type}
    run_section "$type" "$id" || {
      if [[ $type == pre ]]; then
        printf '\nThere was an error running the kickstart script at line %s.  This is a fatal error and installation will be aborted.  The details of this error are:\n\n%s\n' "$(<"$id.line")" "$SECTION_OUTPUT"
        terminate 1
      fi
      [[ $type == onerror ]] || fatal "There was an error running the kickstart script at line $(<"$id.line"): $SECTION_OUTPUT"
    }
  done
}

# run_section TYPE ID: answers non-zero only when the section failed and said --erroronfail.
run_section() {
  local type=$1 id=$2 interpreter=/bin/sh log='' fail=no chrooted=no word path name messages code invalid
  [[ $type != post ]] || chrooted=yes
  while IFS= read -r word; do
    case $word in
      --interpreter=*) interpreter=${word#*=} ;;
      --log=* | --logfile=*) log=${word#*=} ;;
      --erroronfail) fail=yes ;;
      --nochroot) chrooted=no ;;
      *) parse_error "$(<"$id.line")" "unrecognized arguments: $word" ;;
    esac
  done <"$id.options"

  local root=''
  [[ $chrooted == no ]] || root=$SYSROOT
  path=$(mktemp "$root$SCRIPT_DIR/ks-script-XXXXXXXX")
  name=${path##*/}
  cat "$id.body" >"$path"
  chmod 700 "$path"
  # Without --log the output is kept outside the chroot; with it, where it says, seen from the section's root.
  messages=$LOG_DIR/$name.log
  [[ -z $log ]] || messages=$root$log
  mkdir -p "${messages%/*}"

  log_program "Running... $interpreter $SCRIPT_DIR/$name"
  # A pipe that is read to its end: a child that the section leaves behind with stdout open holds the install here.
  set +e
  if [[ $chrooted == yes ]]; then
    LC_ALL=C "${CHROOT[@]}" "$SYSROOT" "$interpreter" "$SCRIPT_DIR/$name" 2>&1 </dev/null | cat >"$WORK/output"
  else
    LC_ALL=C "$interpreter" "$path" 2>&1 </dev/null | cat >"$WORK/output"
  fi
  code=${PIPESTATUS[0]}
  set -e
  # The output is decoded strictly; anaconda raises UnicodeDecodeError, which nothing catches.
  invalid=$(LC_ALL=C.UTF-8 grep -naxv '.*' "$WORK/output" | head -n 1 | cut -d: -f1 || true)
  [[ -z $invalid ]] || fatal "'utf-8' codec can't decode the output of the kickstart script at line $(<"$id.line") (its line $invalid): invalid start byte"
  # Only now is there anything in the log that --log names.
  (umask 077 && cat "$WORK/output" >"$messages")
  while IFS= read -r word; do log_program "$word"; done <"$WORK/output"
  log_to program.log DBG program "Return code of $interpreter: $code"
  [[ $code == 0 ]] && return 0
  log_anaconda ERR "core.kickstart.scripts.script" "Error code $code running the kickstart script at line $(<"$id.line")"
  SECTION_OUTPUT=$(<"$messages")
  [[ $fail == no ]]
}
