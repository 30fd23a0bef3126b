# shellcheck shell=bash
# Restarts the machine, back to its bastion. LAB_REBOOT stands in for it in tests.

# The next start, once, is where this one came from: the network, or a boot medium. An entry of the disk may be first
# already (Anaconda's new one is), and what is on the disk of a failed install is no system.
lab_network_next() {
  local line
  [[ -d ${LAB_SYS:-/sys}/firmware/efi ]] || return 0
  while IFS= read -r line; do
    [[ $line =~ ^BootCurrent:\ ([0-9A-F]{4})$ ]] || continue
    efibootmgr -q -n "${BASH_REMATCH[1]}" && return 0
  done < <(efibootmgr 2>/dev/null)
  return 1
}

# Orderly if it can be, in the end by the kernel. From the target's chroot the installer's own programs are behind
# /proc/1/root. Only in an installer's environment, which /run/install tells: never the machine of someone who tries this.
lab_restart() {
  local command root=${LAB_PROC:-/proc}/1/root key
  lab_network_next >/dev/null 2>&1 || true
  sync || true
  if [[ -n ${LAB_REBOOT-} ]]; then
    "$LAB_REBOOT" || true
    return 0
  fi
  [[ -d $root/run/install ]] || return 0
  for command in 'systemctl --no-wall reboot' 'systemctl --force reboot' 'reboot -f'; do
    # shellcheck disable=SC2086 # words
    chroot "$root" $command >/dev/null 2>&1 </dev/null || true
    lab_pause 20 || true
  done
  # Write out, mount read-only, restart (Documentation/admin-guide/sysrq.rst).
  for key in s u b; do
    echo "$key" >"${LAB_PROC:-/proc}/sysrq-trigger" || true
    lab_pause 2 || true
  done
}
