#!/bin/bash
# The boot loaders as Anaconda's packages lay them out on the ESP (shim-x64 and grub2-efi-x64; Debian's here):
#   esp-files.sh LOADERS OUT
# OUT/BOOT is the removable path: a shim that, with fbx64.efi beside it, doesn't start GRUB but "restores" the boot
# entry that \EFI\debian\BOOTX64.CSV names, first in BootOrder (shim.c should_use_fallback, fallback.c).
set -euo pipefail
loaders=$1 out=$2
mkdir -p "$out/BOOT" "$out/debian"
install -m 644 "$loaders/usr/lib/shim/shimx64.efi.signed" "$out/debian/shimx64.efi"
install -m 644 "$loaders/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$out/debian/grubx64.efi"
install -m 644 "$loaders/usr/lib/shim/shimx64.efi.signed" "$out/BOOT/BOOTX64.EFI"
install -m 644 "$loaders/usr/lib/shim/fbx64.efi.signed" "$out/BOOT/fbx64.efi"
# UCS-2, little-endian: FILE,LABEL,ARGUMENTS,COMMENT. The label is that of the boot entry, or there would be two.
{ printf '\xff\xfe' && printf 'shimx64.efi,Debian,,This is the boot entry for Debian\n' | iconv -f ASCII -t UTF-16LE; } >"$out/debian/BOOTX64.CSV"
