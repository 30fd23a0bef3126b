# shellcheck shell=bash
# The boot loaders on the ESP, their configuration, and the firmware's boot entry, as pyanaconda/modules/storage/bootloader
# (efi.py, grub2.py) do: shim's and GRUB's packages bring the files, a stub on the ESP leads to /boot/grub2/grub.cfg, and
# the new entry, which replaces one of the same name, goes first in BootOrder.

LABEL=Debian # the product's first word

install_bootloader() {
  local append='' arguments kernel old boot_uuid prefix=/boot esp=$SYSROOT/boot/efi/EFI
  # shellcheck disable=SC2317,SC2329 # called through each_command
  read_bootloader() { append=$(option append); }
  each_command read_bootloader bootloader
  [[ -n ${EFI_DISK:-} ]] || fatal "You have not created a bootloader stage1 target device."
  boot_uuid=$(findmnt -no UUID --target "$SYSROOT/boot")
  if findmnt -n "$SYSROOT/boot" >/dev/null; then prefix=''; fi
  kernel=$(cd "$SYSROOT/boot" && echo vmlinuz-*)
  # The consoles of the installer are those of the system: anaconda's bootloader module does the same.
  arguments="root=/dev/mapper/$(mapper_name) ro rd.lvm.lv=$ROOT_VOLUME $(console_arguments) $append"
  mkdir -p "$esp" "$SYSROOT/boot/grub2" "$SYSROOT/etc/default"
  cp -r "$LIBEXEC"/esp/* "$esp/"
  cat >"$esp/debian/grub.cfg" <<CFG
search --no-floppy --fs-uuid --set=dev $boot_uuid
set prefix=(\$dev)$prefix/grub2
export \$prefix
configfile \$prefix/grub.cfg
CFG
  cat >"$SYSROOT/boot/grub2/grub.cfg" <<CFG
set timeout=0
search --no-floppy --set=root --fs-uuid $boot_uuid
linux $prefix/$kernel $arguments
initrd $prefix/initrd-${kernel#vmlinuz-}
boot
CFG
  printf 'GRUB_CMDLINE_LINUX="%s"\n' "$append" >"$SYSROOT/etc/default/grub"
  log_anaconda INF "modules.storage.bootloader" "boot loader: $arguments"
  while read -r old; do [[ -z $old ]] || must efibootmgr -b "$old" -B; done < <(efibootmgr | sed -n "s/^Boot\([0-9A-F]\{4\}\)[* ] $LABEL\t.*/\1/p")
  must efibootmgr -c -w -L "$LABEL" -d "$EFI_DISK" -p "$EFI_PART" -l '\EFI\debian\shimx64.efi'
}

mapper_name() {
  [[ -n ${ROOT_VOLUME:-} ]] || fatal "This installer boots from a root on a logical volume only"
  local device
  device=$(realpath -e "/dev/$ROOT_VOLUME")
  cat "/sys/block/${device#/dev/}/dm/name"
}

console_arguments() {
  local word words=()
  read -ra words </proc/cmdline
  for word in "${words[@]}"; do
    case $word in console=* | quiet | mitigations=* | net.ifnames=*) printf '%s ' "$word" ;; esac
  done
}
