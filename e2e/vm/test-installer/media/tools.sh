#!/bin/bash
# Runs a program of an unpacked tree of packages (rpmbuild, createrepo_c, mksquashfs, dnf's Python) from where it lies:
#   tools.sh ROOT PROGRAM ARGUMENT…
# The same on the machine that builds or tests, and in the installer, where ROOT is the mounted install.img.
root=$1 program=$2
shift 2
for folder in "$root"/usr/lib/*-linux-gnu; do
  LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
# rpm's configuration and Python's library are looked for in compiled-in places unless told.
export LD_LIBRARY_PATH PYTHONHOME=$root/usr PYTHONPATH=$root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1 RPM_CONFIGDIR=$root/usr/lib/rpm
exec "$root/usr/bin/$program" "$@"
