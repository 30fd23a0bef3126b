# shellcheck shell=bash

# REPLY: bytes of installed memory: the modules' sizes where SMBIOS lists them (dmidecode, type 17), else what the kernel
# has, which is less: firmware and the kernel itself keep some 5 % of a small machine's.
memory_bytes() {
  local key size unit _ total=0
  while read -r key size unit _; do
    [[ $key == Size: && $size =~ ^[0-9]+$ ]] || continue
    case $unit in
      MB | MiB) total=$((total + size * 1048576)) ;;
      GB | GiB) total=$((total + size * 1073741824)) ;;
      TB | TiB) total=$((total + size * 1099511627776)) ;;
    esac
  done < <(dmidecode -t 17 2>/dev/null)
  while ((total == 0)) && read -r key size _; do
    [[ $key != MemTotal: ]] || total=$((size * 1024))
  done <"${LAB_PROC:-/proc}/meminfo"
  REPLY=$total
}
