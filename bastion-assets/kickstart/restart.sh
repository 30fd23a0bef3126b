# shellcheck shell=bash
# Starts the machine again, from an installer's %pre. Needs pause.sh.

lab_restart() {
  local command
  sync || true
  if [[ -n ${LAB_REBOOT-} ]]; then
    "$LAB_REBOOT"
    return 0
  fi
  while :; do
    for command in 'systemctl reboot' 'reboot' 'systemctl --force reboot' 'reboot -f'; do
      $command >/dev/null 2>&1 || true
      lab_pause 20 || return 0
    done
    echo b >"${LAB_PROC:-/proc}/sysrq-trigger" || true
  done
}
