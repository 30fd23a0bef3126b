#!/bin/bash
# A disk that has been in another machine: a GPT, an ESP with shim's usual files, and a system that, if it is ever
# started, says so on the console.
#   old-disk.sh TREE ESP-FILES OUT
set -euo pipefail
export LC_ALL=C
root=$1/root esp=$2 out=$3
libraries=$root/usr/lib/x86_64-linux-gnu
on_disk=$out@@1M

truncate -s 64M "$out"
printf 'label: gpt\nstart=1MiB, size=62MiB, type=uefi\n' | LD_LIBRARY_PATH=$libraries "$root/usr/sbin/sfdisk" --quiet "$out"
# In sectors, and in blocks of 1 KiB.
LD_LIBRARY_PATH=$libraries "$root/usr/sbin/mkfs.vfat" -F 32 --offset=2048 "$out" 63488 >/dev/null
"$MMD" -i "$on_disk" ::EFI
"$MCOPY" -s -i "$on_disk" "$esp/BOOT" "$esp/debian" ::EFI
"$MCOPY" -i "$on_disk" - ::EFI/debian/grub.cfg <<'CFG'
echo "THE OLD SYSTEM OF THE OTHER DISK WAS STARTED"
sleep 3600
CFG
