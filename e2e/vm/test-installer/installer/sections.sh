# shellcheck shell=bash
# Runs script sections as pyanaconda/core/kickstart/scripts.py does.

# run_sections TYPE: all sections of that type, in order; a failure with --erroronfail ends the installation.
run_sections() {
  local type=$1 file id
  for file in "$WORK"/sections/*.type; do
    [[ -e $file && $(<"$file") == "$type" ]] || continue
    id=${file%.type}
    run_section "$type" "$id" || case $type in
      pre) script_traceback ;;
      onerror | traceback) ;;
      *) script_failed "$(<"$id.line")" "$SECTION_OUTPUT" ;;
    esac
  done
}

# What a script finds in its environment (core/util.py startProgram, augmentEnv). Standard input is the installer's own:
# the console.
script_environment() {
  environment=(env -i HOME=/tmp TERM="${TERM:-linux}" LANG=en_US.UTF-8 LC_ALL=C LC_NUMERIC=C "ANA_INSTALL_PATH=$SYSROOT" MALLOC_CHECK_=2 MALLOC_PERTURB_=204
    LVM_SUPPRESS_FD_WARNINGS=1 "PATH=${SCRIPT_PATH:-/usr/bin:/bin:/sbin:/usr/sbin:/mnt/sysimage/bin:/mnt/sysimage/usr/bin:/mnt/sysimage/usr/sbin:/mnt/sysimage/sbin}")
}

# run_section TYPE ID: answers non-zero only when the section failed and said --erroronfail.
run_section() {
  local type=$1 id=$2 interpreter=/bin/sh log='' fail=no chrooted=no word path name messages code invalid environment=()
  script_environment
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

  local who=Runtime said="Running..."
  [[ $type != pre ]] || who=main
  [[ $chrooted == no || $who == main ]] || said="Running in chroot '$SYSROOT'..."
  log_command "$who" INFO "$said $interpreter $SCRIPT_DIR/$name"
  # A pipe that is read to its end: a child that the section leaves behind with stdout open holds the install here.
  set +e
  if [[ $chrooted == yes ]]; then
    "${environment[@]}" "${CHROOT[@]}" "$SYSROOT" "$interpreter" "$SCRIPT_DIR/$name" 2>&1 | cat >"$WORK/output"
  else
    "${environment[@]}" "$interpreter" "$path" 2>&1 | cat >"$WORK/output"
  fi
  code=${PIPESTATUS[0]}
  set -e
  # The output is decoded strictly; anaconda raises UnicodeDecodeError, which nothing catches.
  invalid=$(LC_ALL=C.UTF-8 grep -naxv '.*' "$WORK/output" | head -n 1 | cut -d: -f1 || true)
  [[ -z $invalid ]] || fatal "'utf-8' codec can't decode the output of the kickstart script at line $(<"$id.line") (its line $invalid): invalid start byte"
  # Only now is there anything in the log that --log names.
  (umask 077 && cat "$WORK/output" >"$messages")
  while IFS= read -r word; do log_command "$who" INFO "$word"; done <"$WORK/output"
  log_command "$who" DEBUG "Return code of $interpreter: $code"
  [[ $code == 0 ]] && return 0
  script_error "$who" "Error code $code running the kickstart script at line $(<"$id.line")"
  SECTION_OUTPUT=$(<"$messages")
  [[ $fail == no ]]
}

# The line is the module's on Fedora and EL 10, the main process' for %pre and on EL 9.
script_error() {
  if [[ $FAMILY == el9 ]]; then
    log_anaconda ERR kickstart.script "$2"
  elif [[ $1 == main ]]; then
    log_anaconda ERR core.kickstart.scripts.script "$2"
  else
    log_module "$1" ERROR anaconda.core.kickstart.scripts.script "$2"
  fi
}
