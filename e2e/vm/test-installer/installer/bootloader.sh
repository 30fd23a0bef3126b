# shellcheck shell=bash
# The boot loader and its configuration, as pyanaconda/modules/storage/bootloader (efi.py, grub2.py) do: /boot/grub2/grub.cfg
# on both firmwares. UEFI: shim's and GRUB's packages bring the files, a stub on the ESP leads to that file, and the new boot
# entry, which replaces one of the same name, goes first in BootOrder. BIOS: grub2-install, run in the new system, writes
# the disk's boot sector and the BIOS boot partition.

LABEL=Debian # the product's first word

is_uefi() { [[ -d ${LAB_SYS:-/sys}/firmware/efi ]]; }

install_bootloader() {
  local append='' arguments kernel boot_uuid prefix=/boot
  # shellcheck disable=SC2317,SC2329 # called through each_command
  read_bootloader() { append=$(option append); }
  each_command read_bootloader bootloader
  if is_uefi; then
    [[ -n ${EFI_DISK:-} ]] || fatal "You have not created a bootloader stage1 target device."
  else
    # platform.py; the disks here always have a GPT.
    [[ -n ${BIOS_DISK:-} ]] || fatal "Your BIOS-based system needs a special partition to boot from a GPT disk label. To continue, please create a 1MiB 'biosboot' type partition on the ${ALLOWED_DISKS[0]#/dev/} disk."
  fi
  boot_uuid=$(findmnt -no UUID --target "$SYSROOT/boot")
  if findmnt -n "$SYSROOT/boot" >/dev/null; then prefix=''; fi
  kernel=$(cd "$SYSROOT/boot" && echo vmlinuz-*)
  # The consoles of the installer are those of the system: anaconda's bootloader module does the same.
  arguments="root=/dev/mapper/$(mapper_name) ro rd.lvm.lv=$ROOT_VOLUME $(console_arguments) $append"
  mkdir -p "$SYSROOT/boot/grub2" "$SYSROOT/etc/default"
  cat >"$SYSROOT/boot/grub2/grub.cfg" <<CFG
set timeout=0
search --no-floppy --set=root --fs-uuid $boot_uuid
linux $prefix/$kernel $arguments
initrd $prefix/initrd-${kernel#vmlinuz-}
boot
CFG
  printf 'GRUB_CMDLINE_LINUX="%s"\n' "$append" >"$SYSROOT/etc/default/grub"
  log_anaconda INF "modules.storage.bootloader" "boot loader: $arguments"
  if is_uefi; then install_on_esp "$boot_uuid" "$prefix"; else install_on_disk "$prefix"; fi
}

install_on_esp() {
  local boot_uuid=$1 prefix=$2 old esp=$SYSROOT/boot/efi/EFI
  mkdir -p "$esp"
  cp -r "$LIBEXEC"/esp/* "$esp/"
  cat >"$esp/debian/grub.cfg" <<CFG
search --no-floppy --fs-uuid --set=dev $boot_uuid
set prefix=(\$dev)$prefix/grub2
export \$prefix
configfile \$prefix/grub.cfg
CFG
  while read -r old; do [[ -z $old ]] || must efibootmgr -b "$old" -B; done < <(efibootmgr | sed -n "s/^Boot\([0-9A-F]\{4\}\)[* ] $LABEL\t.*/\1/p")
  must efibootmgr -c -w -L "$LABEL" -d "$EFI_DISK" -p "$EFI_PART" -l '\EFI\debian\shimx64.efi'
}

# Debian's GRUB looks for /boot/grub, Fedora's for /boot/grub2: a stub leads there. The module list spares copying 280 files.
install_on_disk() {
  mkdir -p "$SYSROOT/boot/grub"
  printf 'configfile %s/grub2/grub.cfg\n' "$1" >"$SYSROOT/boot/grub/grub.cfg"
  must_in_chroot grub2-install --no-floppy --target=i386-pc --locales= --fonts= \
    --install-modules='part_gpt xfs ext2 biosdisk search search_fs_uuid linux normal configfile echo sleep' "$BIOS_DISK"
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
