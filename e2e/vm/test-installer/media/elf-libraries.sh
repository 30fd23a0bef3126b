#!/bin/bash
# The shared libraries, of those in the tree, that programs and modules are linked with:
#   elf-libraries.sh ROOT TRIPLET FILE…
set -euo pipefail
root=$1 folder=$1/usr/lib/$2
shift 2
for file in "$@"; do "$folder/ld-linux-x86-64.so.2" --library-path "$folder" --list "$file" 2>/dev/null || true; done |
  sed -n "s|.*=> $folder/\([^ ]*\) .*|\1|p" | sort -u
# What is opened by name at run time.
for library in libnss_dns.so.2 libnss_files.so.2; do [[ ! -e $root/usr/lib/$2/$library ]] || echo "$library"; done
