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

for part in log kickstart sections storage payload system bootloader; do
  # shellcheck source=/dev/null
  . "$LIBEXEC/$part.sh"
done

# boot_argument NAME: the value of the last NAME= on the kernel command line; "yes" for a bare NAME.
boot_argument() {
  local word words=() value=''
  read -ra words <"$CMDLINE"
  for word in "${words[@]}"; do
    case $word in "$1") value=yes ;; "$1="*) value=${word#*=} ;; esac
  done
  printf '%s' "$value"
}

mount_chroot() {
  local mount
  for mount in proc sys dev run; do
    mkdir -p "$SYSROOT/$mount"
    mount --rbind "/$mount" "$SYSROOT/$mount"
  done
}

keep_logs() {
  local nosave
  nosave=$(boot_argument inst.nosave)
  if [[ $nosave != *all_ks* && $nosave != *input_ks* && ,$nosave, != *,all,* ]]; then (umask 077 && cp "$1" "$SYSROOT/root/original-ks.cfg"); fi
  if [[ ,$nosave, == *,all,* || $nosave == *logs* ]]; then return 0; fi
  mkdir -p "$SYSROOT/var/log/anaconda"
  chmod 700 "$SYSROOT/var/log/anaconda"
  cp "$LOG_DIR"/{anaconda,program,storage,packaging,dbus}.log "$SYSROOT/var/log/anaconda/"
  cp "$LOG_DIR"/{dnf.librepo,hawkey}.log "$LOG_DIR"/ks-script-*.log "$LOG_DIR/syslog" "$SYSROOT/var/log/anaconda/" 2>/dev/null || true
}

leave() {
  local action=halt
  ! has_command reboot || action=reboot
  ! has_command poweroff shutdown || action=poweroff
  sync
  umount -R "$SYSROOT" 2>/dev/null || umount -lR "$SYSROOT"
  lvm vgchange -an >/dev/null 2>&1 || true
  say "Installation complete: $action"
  case $action in
    reboot) systemctl --no-wall reboot ;;
    poweroff) systemctl --no-wall poweroff ;;
  esac
  terminate 0
}

install_from() {
  local kickstart=$1 log
  for log in anaconda program storage packaging dbus; do : >>"$LOG_DIR/$log.log"; done
  log_anaconda INF anaconda "Anaconda's order, by the test installer"
  trap 'fatal "the installer itself failed at line $LINENO: $BASH_COMMAND"' ERR

  read_kickstart "$kickstart" pre
  say "Running pre-installation scripts"
  run_sections pre
  log_anaconda INF kickstart "All kickstart %pre script(s) have been run"
  read_kickstart "$kickstart" all
  ONERROR_READY=yes

  say "Configuring storage"
  install_storage
  say "Running pre-install scripts"
  run_sections pre-install
  say "Installing the software"
  mount_chroot # scriptlets run in there
  install_packages
  mount -t tmpfs tmpfs "$SYSROOT/tmp"
  say "Configuring the system"
  configure_system
  say "Installing boot loader"
  install_bootloader
  say "Running post-installation scripts"
  run_sections post
  keep_logs "$kickstart"
  leave
}

[[ ${BASH_SOURCE[0]} != "$0" ]] || install_from "$1"
