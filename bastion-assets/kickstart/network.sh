# shellcheck shell=bash
# Writes the network commands. The record names NICs by their MAC addresses, and the installer wants kernel names for the
# ports of a bond: only the machine knows both.
# In: LAB_NETWORK, commands in which @MAC@ stands for the name of that NIC. Out: $LAB_TMP/network.ks.

# REPLY: the kernel's name of the NIC with that address; empty if the machine has none. A bond or a VLAN, which borrows
# its address from a NIC, has no device behind it.
nic_name() {
  local folder address
  REPLY=
  for folder in "${LAB_SYS:-/sys}"/class/net/*; do
    [[ -e $folder/device && -r $folder/address ]] || continue
    read -r address <"$folder/address" || true
    [[ ${address,,} != "$1" ]] || { REPLY=${folder##*/} && return 0; }
  done
}

seen_nics() {
  local folder address
  REPLY=
  for folder in "${LAB_SYS:-/sys}"/class/net/*; do
    [[ -e $folder/device && -r $folder/address ]] || continue
    read -r address <"$folder/address" || true
    REPLY+="${REPLY:+, }${folder##*/} ($address)"
  done
  REPLY=${REPLY:-none}
}

write_network_ks() {
  local command mac
  for command in "${LAB_NETWORK[@]}"; do
    while [[ $command =~ @([0-9a-f:]{17})@ ]]; do
      mac=${BASH_REMATCH[1]}
      nic_name "$mac"
      if [[ -z $REPLY ]]; then
        seen_nics
        lab_fail "No NIC has the address $mac, which the server's record gives settings for. Seen: $REPLY."
      fi
      command=${command//"@$mac@"/$REPLY}
    done
    bastion_log "$command"
    printf '%s\n' "$command"
  done >"$LAB_TMP/network.ks"
}
