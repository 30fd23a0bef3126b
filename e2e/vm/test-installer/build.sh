#!/bin/bash
# Assembles the test installer from unpacked package trees: what it and the installed system are made of, rpm's and dnf's
# programs, and the signed boot loaders. Needs no root and changes nothing but OUT.
#   build.sh TREE TOOLS LOADERS OUT
# OUT gets: fedora/ and el/, install trees laid out as those families' media, and old-disk.img, a disk with another
# system on it. MMD and MCOPY are mtools'.
set -euo pipefail
export LC_ALL=C

tree=$(realpath "$1") tools=$(realpath "$2")/root loaders=$(realpath "$3")/root out=$(realpath "$4")
here=$(dirname "$(realpath "$0")")
root=$tree/root
triplet=x86_64-linux-gnu
libraries=$root/usr/lib/$triplet:$root/usr/lib/$triplet/systemd:$root/usr/lib/systemd
work=$out/work
kernel=$(cd "$root/usr/lib/modules" && echo *)
mkdir -p "$work"

# in_tree NAME PROGRAM ARGUMENT…: runs the tree's own program under that name.
in_tree() { (name=$1 program=$2 && shift 2 && export LD_LIBRARY_PATH=$libraries && exec -a "$name" "$root/usr/bin/$program" "$@"); }

# --- kernel modules -----------------------------------------------------------------------------------------------
modules=$work/modules
mkdir -p "$modules/usr/lib/modules"
cp -a "$root/usr/lib/modules/$kernel" "$modules/usr/lib/modules/"
ln -s usr/lib "$modules/lib"
in_tree depmod kmod -b "$modules" "$kernel"

# module_files NAME…: the modules' files with those they depend on, relative to the root.
module_files() {
  local name
  for name in "$@"; do in_tree modprobe kmod -d "$modules" -S "$kernel" --show-depends "$name" 2>/dev/null || true; done |
    sed -n "s|^insmod $modules||p" | sed 's| .*||' | sed 's|^/lib|/usr/lib|; s|^/||' | sort -u
}

# put_modules INTO NAME…
put_modules() {
  local into=$1 file
  shift
  while read -r file; do install -D -m 644 "$modules/$file" "$into/$file"; done < <(module_files "$@")
  cp "$modules/usr/lib/modules/$kernel"/modules.{builtin,order,builtin.modinfo} "$into/usr/lib/modules/$kernel/" 2>/dev/null || true
  in_tree depmod kmod -b "$into" "$kernel"
}

# skeleton INTO: folders and the links of a merged /usr.
skeleton() {
  local name
  mkdir -p "$1"/{usr/bin,usr/sbin,usr/lib/"$triplet",usr/lib64,usr/lib/modules,etc,dev,proc,sys,run,tmp,root,mnt,var}
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$1/$name"; done
  install -m 755 "$root/usr/lib/$triplet/ld-linux-x86-64.so.2" "$1/usr/lib64/ld-linux-x86-64.so.2"
}

# put_programs INTO PATH…: programs with the libraries that they need.
put_programs() {
  local into=$1 path library
  shift
  for path in "$@"; do
    install -D -m 755 "$root/$path" "$into/$path"
    while read -r library; do
      [[ -e $into/usr/lib/$triplet/${library##*/} ]] || install -m 755 "$library" "$into/usr/lib/$triplet/${library##*/}"
    done < <("$root/usr/lib/$triplet/ld-linux-x86-64.so.2" --library-path "$libraries" --list "$root/$path" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p')
  done
}

# pack FOLDER FILE: an initramfs; every file is root's, and the same input gives the same bytes.
pack() {
  find "$1" -exec touch -h -d @0 {} +
  (cd "$1" && find . -print0 | sort -z | in_tree cpio cpio --null --quiet --create --format=newc --owner=0:0 --reproducible) | gzip -n -6 >"$2"
}

# --- the installer's initramfs ------------------------------------------------------------------------------------
image=$work/image
skeleton "$image"
mapfile -t programs < <(sed 's/#.*//; /^[[:space:]]*$/d' "$here/image/programs.txt")
put_programs "$image" "${programs[@]}"
read -rd '' -a installer_modules < <(sed 's/#.*//' "$here/image/modules.txt") || true
read -rd '' -a installed_modules < <(sed 's/#.*//' "$here/installed/modules.txt") || true
put_modules "$image" "${installer_modules[@]}"
ln -s bash "$image/usr/bin/sh"
ln -s gawk "$image/usr/bin/awk"
mkdir -p "$image/usr/lib/systemd"
ln -s ../../bin/udevadm "$image/usr/lib/systemd/systemd-udevd"
for name in modprobe lsmod insmod; do ln -s ../bin/kmod "$image/usr/sbin/$name"; done
for name in vgs pvs lvs vgchange pvcreate vgcreate lvcreate; do ln -s lvm "$image/usr/sbin/$name"; done
for rule in 50-udev-default 55-dm 60-block 60-cdrom_id 60-persistent-storage 60-persistent-storage-dm 56-dm-parts 56-lvm 95-dm-notify 75-net-description 80-drivers 80-net-setup-link; do
  [[ ! -e $root/usr/lib/udev/rules.d/$rule.rules ]] || install -D -m 644 "$root/usr/lib/udev/rules.d/$rule.rules" "$image/usr/lib/udev/rules.d/$rule.rules"
done
install -D -m 644 "$root/usr/lib/systemd/network/99-default.link" "$image/usr/lib/systemd/network/99-default.link"
install -m 644 "$root/usr/share/base-passwd/passwd.master" "$image/etc/passwd"
install -m 644 "$root/usr/share/base-passwd/group.master" "$image/etc/group"
printf 'render:x:105:\nkvm:x:106:\nsgx:x:107:\ninput:x:108:\n' >>"$image/etc/group"
install -D -m 644 "$root/etc/lvm/lvm.conf" "$image/etc/lvm/lvm.conf"
install -m 644 "$root/etc/mke2fs.conf" "$image/etc/mke2fs.conf"
install -D -m 755 "$root/usr/bin/busybox" "$image/usr/libexec/installer/busybox"
install -m 755 "$here/image/init" "$image/init"
install -m 755 "$here/image/udhcpc.sh" "$image/usr/libexec/installer/udhcpc.sh"
install -m 755 "$here/image/systemctl" "$here/image/python3" "$image/usr/bin/"
for name in reboot poweroff halt; do install -m 755 "$here/image/reboot" "$image/usr/sbin/$name"; done
install -m 644 "$here"/installer/*.sh "$here/installer/noise.txt" "$here"/media/*.py "$image/usr/libexec/installer/"
install -m 755 "$here/media/tools.sh" "$image/usr/libexec/installer/tools.sh"
chmod 755 "$image/usr/libexec/installer/install.sh"
"$here/esp-files.sh" "$loaders" "$image/usr/libexec/installer/esp"
pack "$image" "$out/initrd.img"

# --- a disk with another system -----------------------------------------------------------------------------------
"$here/old-disk.sh" "$tree" "$image/usr/libexec/installer/esp" "$out/old-disk.img"

# --- the installed system's initramfs -----------------------------------------------------------------------------
boot=$work/boot
skeleton "$boot"
put_programs "$boot" usr/sbin/lvm
install -m 755 "$root/usr/bin/busybox" "$boot/usr/bin/busybox"
install -m 755 "$here/installed/boot-init" "$boot/init"
put_modules "$boot" virtio_pci virtio_blk virtio_scsi nvme sd_mod ahci dm_mod ext4 xfs crc32c_generic crc32c_intel
pack "$boot" "$work/boot-initrd.img"

# --- the root file system -----------------------------------------------------------------------------------------
"$here/build-root.sh" "$tree" "$work" "$here" "$kernel"
ln -s usr/lib "$work/extra/lib" # where depmod looks
put_modules "$work/extra" "${installer_modules[@]}" "${installed_modules[@]}"
rm "$work/extra/lib"
install -D -m 644 "$root/boot/vmlinuz-$kernel" "$work/extra/boot/vmlinuz-$kernel"
install -m 600 "$work/boot-initrd.img" "$work/extra/boot/initrd-$kernel"
cp "$root/boot/vmlinuz-$kernel" "$out/vmlinuz"

# --- packages, the second stage, and the trees of both families ---------------------------------------------------
"$here/media/build-packages.sh" "$tree" "$tools" "$work" "$here/media" "$kernel"
"$here/media/build-stage2.sh" "$tools" "$work" "$out/install.img"
"$here/media/build-trees.sh" "$tools" "$work" "$out" "$here/media"
rm "$out/vmlinuz" "$out/initrd.img" "$out/install.img"
[[ -n ${KEEP_WORK:-} ]] || rm -rf "$work"
