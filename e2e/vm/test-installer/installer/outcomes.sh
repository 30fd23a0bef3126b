# shellcheck shell=bash
# The ways in which an installation ends (docs/boot-facts.md, "Outcomes").

# early_exit [MESSAGE]: before the exit handler is set: no %onerror, no restart. tmux keeps the pane; the machine stays on.
early_exit() {
  trap - ERR
  [[ -z ${1:-} ]] || printf '%s\n' "$1"
  terminate 1
}

# script_traceback: a failed %pre. There is no user interface yet, so the exception is what is shown, without its text.
script_traceback() {
  local file=/usr/lib64/python3.14/site-packages/pyanaconda
  [[ $FAMILY == fedora ]] || file=/usr/lib64/python3.12/site-packages/pyanaconda
  [[ $FAMILY != el9 ]] || file=/usr/lib64/python3.9/site-packages/pyanaconda
  early_exit "Traceback (most recent call last):
  File \"/sbin/anaconda\", line 436, in <module>
    startup_utils.run_pre_scripts(ks)
  File \"$file/kickstart.py\", line 1081, in preScriptPass
    errorHandler.cb(ScriptError(script.lineno, details))
  File \"$file/errors.py\", line 300, in cb
    raise exn
pyanaconda.errors.ScriptError"
}

# fatal MESSAGE: an error after the kickstart was read (exception.py handleException in cmdline mode): it is shown,
# %onerror and %traceback run, three minutes pass, and the exit handler restarts the machine, which the firmware's order
# then brings where it will.
fatal() {
  trap - ERR
  local message=$1 frame=direct
  log_anaconda CRT exception "$message"
  # What the text hub refuses is a NonInteractiveError by itself; EL's error handler makes one of everything else
  # (errors.py cb). Fedora's queue hands on the error as it is.
  case $FAMILY:$message in
    *:'The following mandatory spokes'*) frame=stopped ;;
    el*) frame=stopped message="Non interactive installation failed: $message" ;;
  esac
  if [[ $frame == direct ]]; then
    printf '\nRunning in cmdline mode, no interactive debugging allowed.\nThe exact error message is: \n\n%s.\n\nThe installer will now terminate.\n' "$message"
  else
    printf '\nThe installation was stopped due to an error which occurred while running in non-interactive cmdline mode. Since there cannot be any questions in cmdline mode, edit your kickstart file and retry installation. \nThe exact error message is: \n\n%s. \n\nThe installer will now terminate.\n' "$message"
  fi
  run_sections onerror || true
  run_sections traceback || true
  pause 180
  exit_handler
}

# script_failed LINE OUTPUT: a failed %pre-install or %post with --erroronfail. EL's question is put to nobody: its answer
# is waited for, %onerror does not run (kickstart.py, installation_tasks.py: flags.ksprompt = True).
script_failed() {
  trap - ERR
  local message
  message="There was an error running the kickstart script at line $1.  This is a fatal error and installation will be aborted.  The details of this error are:

$2"
  [[ $FAMILY != fedora ]] || fatal "$message"
  printf '%s\n' '================================================================================' '================================================================================' 'Error' '' "$message" '' 'Press ENTER to exit: '
  read -r _ <"${CONSOLE:-/dev/console}" || true
  exit_handler
}

# The kickstart's word on what comes after the installation.
exit_handler() {
  local action=reboot
  ! has_command poweroff shutdown || action=poweroff
  power "$action"
}

# power ACTION: only in the image, which has this program: on a machine that tests run on nothing is switched.
power() {
  local busybox=$LIBEXEC/busybox
  echo "systemctl --no-wall $1"
  [[ -x $busybox ]] || terminate 1
  sync
  umount -R "$SYSROOT" 2>/dev/null || umount -lR "$SYSROOT" 2>/dev/null || true
  lvm vgchange -an >/dev/null 2>&1 || true
  "$busybox" "$1" -f
  stop "The machine does not restart"
}

# check_memory (startup_utils.py): before %pre, and with a question that nobody answers.
check_memory() {
  local key value _ total=0 needed=1070
  while read -r key value _; do
    [[ $key != MemTotal: ]] || total=$((value / 1024))
  done <"${MEMINFO:-/proc/meminfo}"
  log_anaconda INF startup_utils "check_memory(): total:$total, needed:$needed"
  ((needed > total)) || return 0
  printf '%s requires %s MB of memory to install, but you only have %s MB on this machine.\n\nPress [Enter] to reboot your system.\n\n' "$(product_word)" "$needed" "$total"
  read -r _ <"${CONSOLE:-/dev/console}" || true
  power reboot
}

product_word() { case $FAMILY in el9 | el10) printf AlmaLinux ;; *) printf Fedora ;; esac; }

# print_dracut_errors (startup_utils.py): also when a later try went well.
print_dracut_errors() {
  local file=${DRACUT_ERRORS:-/run/anaconda/initrd_errors.txt}
  [[ -s $file ]] || return 0
  printf '\n############## Installer errors encountered during boot ##############\n%s\n############ Installer errors encountered during boot end ############\n' "$(<"$file")"
  log_anaconda WRN startup_utils "Installer errors encountered during boot: $(tr '\n' ' ' <"$file")"
}

# terminate CODE: ends the installer. Its own function so that a test can run the sections without a machine.
terminate() {
  exit "$1"
}
