#!/bin/bash
# The installer: stands in for Anaconda and keeps its order of things.
#   install.sh KICKSTART          the whole install
#   . install.sh                  only the functions, for tests
# shellcheck disable=SC2034 # what is set here is read by the parts
set -eEuo pipefail

LIBEXEC=${LIBEXEC:-/usr/libexec/installer}
LOG_DIR=${LOG_DIR:-/tmp}
SCRIPT_DIR=${SCRIPT_DIR:-/tmp}
WORK=${WORK:-/run/installer}
SYSROOT=${SYSROOT:-/mnt/sysroot}
CHROOT=(chroot)
CMDLINE=${CMDLINE:-/proc/cmdline}
LAST_OUTPUT='' SECTION_OUTPUT=''
mkdir -p "$WORK"

for part in common log outcomes noise kickstart sections storage payload system bootloader; do
  # shellcheck source=/dev/null
  . "$LIBEXEC/$part.sh"
done
FAMILY=$(family)

mount_chroot() {
  local mount
  for mount in proc sys dev run; do
    mkdir -p "$SYSROOT/$mount"
    mount --rbind "/$mount" "$SYSROOT/$mount"
  done
}

keep_logs() {
  local nosave
  nosave=$(argument inst.nosave)
  if [[ $nosave != *all_ks* && $nosave != *input_ks* && ,$nosave, != *,all,* ]]; then (umask 077 && cp "$1" "$SYSROOT/root/original-ks.cfg"); fi
  if [[ ,$nosave, == *,all,* || $nosave == *logs* ]]; then return 0; fi
  mkdir -p "$SYSROOT/var/log/anaconda"
  chmod 700 "$SYSROOT/var/log/anaconda"
  cp "$LOG_DIR"/{anaconda,program,storage,packaging,dbus}.log "$SYSROOT/var/log/anaconda/"
  cp "$LOG_DIR"/{dnf.librepo,hawkey}.log "$LOG_DIR"/ks-script-*.log "$LOG_DIR/syslog" "$SYSROOT/var/log/anaconda/" 2>/dev/null || true
}

leave() {
  log_boss "All tasks in the installation queue are done. Installation successfully finished."
  say "Complete!"
  exit_handler
}

# task NAME FUNCTION [ARGUMENT]: a step of the queue, with what its neighbours say in every installation.
task() {
  TASK=$((${TASK:-0} + 1))
  log_boss "Task started: $1 ($TASK)"
  make_noise "$2"
  "${@:2}"
  log_boss "Task completed: $1 ($TASK) (0.3 s)"
}

install_from() {
  local kickstart=$1 log
  for log in anaconda program storage packaging dbus syslog; do : >>"$LOG_DIR/$log.log"; done
  rm -f "$LOG_DIR/syslog.log" && : >>"$LOG_DIR/syslog"
  log_anaconda INF anaconda "/sbin/anaconda $(installer_version)"
  print_dracut_errors
  check_memory
  make_noise start
  log_anaconda INF anaconda "Found a kickstart file: $kickstart"
  log_anaconda INF startup_utils "Parsing kickstart: $kickstart"
  trap 'fatal "the installer itself failed at line $LINENO: $BASH_COMMAND"' ERR

  read_kickstart "$kickstart" pre
  say "Running pre-installation scripts"
  run_sections pre
  log_anaconda INF kickstart "All kickstart %pre script(s) have been run"
  read_kickstart "$kickstart" all
  each_command note_delegated clearpart part partition volgroup logvol network firewall timezone user
  say "Starting automated install..."

  MODULE=Storage
  say "Configuring storage"
  task "Create storage layout" install_storage
  say "Running pre-installation scripts"
  task "Run %pre-install scripts" run_sections pre-install
  MODULE=Payloads
  [[ $FAMILY == el9 ]] && say "Installing." || say "Installing the software"
  mount_chroot # scriptlets run in there
  task "Install the payload" install_packages
  mount -t tmpfs tmpfs "$SYSROOT/tmp"
  MODULE=Network
  say "Performing post-installation setup tasks"
  task "Configure the system" configure_system
  MODULE=Storage
  say "Installing boot loader"
  task "Install the boot loader" install_bootloader
  say "Generating initramfs"
  task "Recreate the initrds" pause 60 # minutes of silence
  MODULE=Runtime
  say "Running post-installation scripts"
  task "Run post installation scripts" run_sections post
  make_noise end
  keep_logs "$kickstart"
  leave
}

note_delegated() { log_anaconda WRN kickstart "Command ${WORDS[0]} will be parsed in DBus module."; }

installer_version() {
  case $FAMILY in
    el9) printf '34.25.7.19-1.el9.alma.1' ;;
    el10) printf '40.22.3.57-1.el10.alma.1' ;;
    *) if [[ $(argument lab.release) == 44 ]]; then printf '44.35-1.fc44'; else printf '43.48-1.fc43'; fi ;;
  esac
}

[[ ${BASH_SOURCE[0]} != "$0" ]] || install_from "$1"
