#!/bin/bash
# The second stage of the installer: a squashfs with Python, dnf and rpm, which the first mounts and runs from.
#   build-stage2.sh TOOLS WORK IMAGE
set -euo pipefail
export LC_ALL=C
tools=$1 work=$2 image=$3
here=$(dirname "$(realpath "$0")")
stage2=$work/stage2
mkdir -p "$stage2/usr/bin" "$stage2/usr/lib" "$stage2/etc" "$stage2/usr/libexec/installer"
triplet=$(cd "$tools/usr/lib" && echo *-linux-gnu)

cp -a "$tools"/usr/bin/{python3*,rpm,rpmkeys,rpmdb} "$stage2/usr/bin/"
cp -a "$tools/usr/lib/rpm" "$tools"/usr/lib/python3* "$stage2/usr/lib/"
cp -a "$tools/etc/dnf" "$stage2/etc/"
# Only the libraries that something here is linked with, by the names in it.
mkdir -p "$stage2/usr/lib/$triplet"
mapfile -t modules < <(find "$stage2/usr/lib" -name '*.so')
while read -r library; do cp -L "$tools/usr/lib/$triplet/$library" "$stage2/usr/lib/$triplet/$library"; done < <(
  "$here/elf-libraries.sh" "$tools" "$triplet" "$stage2/usr/bin/python3" "$stage2/usr/bin/rpm" "${modules[@]}"
)
rm -rf "$stage2"/usr/lib/python3*/{test,idlelib,turtledemo,tkinter,ensurepip,lib2to3,distutils,pydoc_data,config-*} "$stage2/usr/lib/rpm/platform" "$stage2/usr/lib/python3/dist-packages/dbus" "$stage2"/usr/lib/python3/dist-packages/_dbus*
# Compiled ahead, for good: the image can't be written to, and without it each start would compile everything.
"$here/tools.sh" "$tools" python3 -m compileall -q --invalidation-mode unchecked-hash "$stage2"/usr/lib/python3* >/dev/null || true
"$here/tools.sh" "$tools" mksquashfs "$stage2" "$image" -comp zstd -Xcompression-level 6 -all-root -noappend -quiet -no-progress -all-time 0 -mkfs-time 0 >/dev/null
