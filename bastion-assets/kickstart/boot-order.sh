# shellcheck shell=bash
# The boot manager's entries, by efibootmgr 13 to 18.

# Prints BootCurrent, BootOrder and the entries, with their device paths; fails on a BIOS and where they can't be read.
# Version 17 prints paths only with -v, and gives up at one that it can't read; 18 always does (src/efibootmgr.c).
boot_order_lines() {
  local listing
  [[ -d ${LAB_SYS:-/sys}/firmware/efi ]] || return 1
  listing=$(efibootmgr -v 2>/dev/null) || listing=$(efibootmgr 2>/dev/null) || return 1
  # The order first: what is cut are entries, of which firmware can have many.
  LC_ALL=C awk '
    /^Boot(Current|Order): / { order = order substr($0, 1, 300) "\n" }
    /^Boot[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][* ] / && n++ < 46 { entries = entries substr($0, 1, 300) "\n" }
    END { printf "%s%s", order, entries }' <<<"$listing"
}

# Of such lines: the numbers of the entries, and the entry with a number in any case; fails if there is none.
boot_order_numbers() {
  sed -n 's/^Boot\([0-9A-Fa-f]\{4\}\)[* ] .*/\1/p'
}
boot_order_entry() {
  [[ $1 =~ ^[0-9A-Fa-f]{4}$ ]] || return 1
  grep -i -m 1 "^Boot$1[* ] "
}

# boot_order_is_network LABEL PATH: by the path, where there is one: labels are the vendors' words.
boot_order_is_network() {
  case $2 in
    *MAC\(*) return 0 ;;
    *HD\(* | *NVMe\(* | *Sata\(* | *SCSI\(*) return 1 ;;
  esac
  [[ $1 =~ (PXE|HTTP|[Nn]etwork|IPv4|IPv6|NIC|Ethernet|MAC\() ]]
}
