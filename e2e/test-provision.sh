#!/bin/bash
# Provisions blank virtual machines through the whole product, from power-on to the first boot of their own system:
#   e2e/test-provision.sh [pxe] [iso]     without arguments both
# pxe: UEFI PXE and HTTP Boot, BIOS PXE; iso: from a USB stick and a CD, UEFI and BIOS, with DHCP and without any.
# First looks whether this machine can do it, and says all that is missing at once, with what to do about it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scenarios=()
[[ $# -gt 0 ]] || set -- pxe iso
for way in "$@"; do
  case $way in
    pxe) scenarios+=(main-path bios-pxe http-boot) ;;
    iso) scenarios+=(scenarios/iso) ;; # and iso-static: Jest takes it for a pattern
    *)
      printf 'error: %s is neither pxe nor iso\nhint: Run: e2e/test-provision.sh [pxe] [iso]\n' "$way" >&2
      exit 2
      ;;
  esac
done

missing=()
lacks() { missing+=("$1"$'\n'"hint: $2"); }

[[ $(uname -s) == Linux && $(uname -m) == x86_64 ]] ||
  lacks "this is $(uname -s) on $(uname -m)" 'The virtual machines need Linux on x86-64.'
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  lacks 'node and npm are not installed' 'Run: sudo apt-get install -y nodejs npm (Fedora: sudo dnf install -y nodejs npm)'
elif [[ $(node -p 'Number(process.versions.node.split(".")[0]) >= 20') != true ]]; then
  lacks "node is $(node --version), and has to be 20 or later" 'Install a newer Node.js.'
fi
packages=()
command -v unshare >/dev/null && command -v flock >/dev/null || packages+=(util-linux)
command -v ip >/dev/null || packages+=(iproute2)
if [[ ${#packages[@]} -gt 0 ]]; then lacks "programs of ${packages[*]} are not installed" "Run: sudo apt-get install -y ${packages[*]}"; fi
if ! command -v apt-get >/dev/null; then
  # Without apt nothing is brought into the cache.
  for entry in qemu-system-x86_64:qemu-system-x86-core qemu-img:qemu-img dnsmasq:dnsmasq nft:nftables xorriso:xorriso mformat:mtools; do
    command -v "${entry%%:*}" >/dev/null || lacks "${entry%%:*} is not installed" "Run: sudo dnf install -y ${entry#*:}"
  done
fi
if command -v unshare >/dev/null; then
  options=(--net --mount --pid --fork --mount-proc)
  [[ $(id -u) == 0 ]] || options+=(--user --map-root-user)
  unshare "${options[@]}" true 2>/dev/null ||
    lacks 'no network namespace can be made here' 'Run as root in a real or virtual machine, or in a container with --privileged.'
fi
[[ -r /dev/net/tun && -w /dev/net/tun ]] ||
  lacks "/dev/net/tun can't be opened" 'Run: sudo modprobe tun && sudo chmod 0666 /dev/net/tun'
memory=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
((memory >= 6000)) ||
  lacks "$memory MiB of memory are free, and two machines at once need 6000" 'Close other programs.'
for folder in "${TMPDIR:-/tmp}" "${XDG_CACHE_HOME:-$HOME}"; do
  free=$(df --output=avail -m "$folder" | tail -n 1)
  ((free >= 4000)) || lacks "$folder has $((free)) MiB left, and 4000 are needed" "Free some, or set TMPDIR and XDG_CACHE_HOME."
done

if [[ ${#missing[@]} -gt 0 ]]; then
  printf 'error: %s\n' "${missing[@]}" >&2
  exit 69
fi
cd "$root"
# What else is missing (QEMU, OVMF, iPXE, dnsmasq …) it brings into a cache folder, or says what to install.
exec npm run --silent e2e -- "${scenarios[@]}"
