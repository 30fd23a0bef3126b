# shellcheck shell=bash
# %pre: is the machine as the install needs it, which disk, does the bastion answer.
# In: LAB_MIN_MEMORY_BYTES and what disk.sh and network.sh need. Out: $LAB_TMP/disk.ks and network.ks.

check_hardware() {
  local bytes now header
  memory_bytes
  bytes=$REPLY
  bastion_log "memory $bytes bytes, firmware $([[ -d ${LAB_SYS:-/sys}/firmware/efi ]] && echo UEFI || echo BIOS), $(uname -m)"
  ((bytes >= LAB_MIN_MEMORY_BYTES)) ||
    lab_fail "The machine has $bytes bytes of memory; this profile needs $LAB_MIN_MEMORY_BYTES."
  # A dead clock battery: packages and certificates would look as if they came from the future.
  printf -v now '%(%s)T'
  if ((now < 1735689600)); then
    header=$(curl -q --silent --head --noproxy '*' --connect-timeout 3 --max-time 5 "$LAB_URL/boot.ipxe" |
      sed -n 's/\r$//; s/^[Dd]ate: //p') || header=
    if [[ -n $header ]] && date -s "$header" >/dev/null 2>&1; then
      stage_note "The clock stood at $now and was set from the bastion."
    else
      stage_note "The clock stands at $now and could not be set."
    fi
  fi
}

# A bastion that is away never fails an install: it goes on and reports later.
check_network() {
  local try
  for try in 1 2 3; do
    if curl -q --silent --fail --noproxy '*' --output /dev/null --connect-timeout 3 --max-time 5 "$LAB_URL/boot.ipxe"; then
      bastion_log "the bastion answers at $LAB_URL"
      return 0
    fi
    bastion_log "no answer from $LAB_URL (try $try)"
    lab_pause "${LAB_RETRY_SECONDS:-1}" || true
  done
  stage_note "The bastion does not answer; the install goes on and reports when it does."
}

# What the firmware boots now: `%post` and the first boot tell what became of it.
keep_boot_order() {
  boot_order_lines >"$LAB_DIR/boot-order.before" || rm -f "$LAB_DIR/boot-order.before"
}

stage hardware
check_hardware
keep_boot_order
stage disk
choose_disk
check_disk
write_disk_ks
stage_note "$DISK ($DISK_BYTES bytes) with the layout \"$LAB_LAYOUT\""
stage network
write_network_ks
check_network
