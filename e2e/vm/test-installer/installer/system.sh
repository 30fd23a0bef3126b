# shellcheck shell=bash
# The system's configuration: what the kickstart's commands say, on the unpacked root file system.

in_chroot() { run "${CHROOT[@]}" "$SYSROOT" "$@"; }
must_in_chroot() { must "${CHROOT[@]}" "$SYSROOT" "$@"; }

configure_system() {
  write_fstab
  # A network that the kickstart doesn't describe is DHCP here; Anaconda from Fedora 42 on writes no profile for it.
  each_command configure_network network
  each_command configure_lang lang
  each_command configure_keyboard keyboard
  each_command configure_timezone timezone
  each_command configure_services services
  each_command configure_rootpw rootpw
  each_command configure_group group
  each_command configure_user user
  each_command configure_sshkey sshkey
  each_command note_only selinux firewall authselect timesource firstboot
  systemd_machine_id
}

note_only() { log_anaconda INF "modules.configuration" "${WORDS[*]}: accepted, nothing on this system acts on it"; }

write_fstab() {
  local entry mount path fstype
  {
    printf '# Created by the test installer\n'
    for entry in "${MOUNTS[@]}"; do
      IFS='|' read -r mount path fstype <<<"$entry"
      case $path in
        /dev/dm-*) path=/dev/mapper/$(<"/sys/block/${path#/dev/}/dm/name") ;;
        *) path=UUID=$(blkid -s UUID -o value "$path") ;;
      esac
      case $mount in
        swap) printf '%s none swap defaults 0 0\n' "$path" ;;
        # No check at boot (Anaconda writes "0 2"): it takes three seconds under emulation.
        /boot/efi) printf '%s %s %s umask=0077,shortname=winnt 0 0\n' "$path" "$mount" "$fstype" ;;
        *) printf '%s %s %s defaults 0 0\n' "$path" "$mount" "$fstype" ;;
      esac
    done
  } >"$SYSROOT/etc/fstab"
}

systemd_machine_id() { tr -d - </proc/sys/kernel/random/uuid >"$SYSROOT/etc/machine-id"; }

configure_network() {
  local name device address prefix=0 octet
  name=$(option hostname)
  if [[ -n $name ]]; then
    [[ $name =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || parse_error "$1" "Host name is not valid: $name"
    printf '%s\n' "$name" >"$SYSROOT/etc/hostname"
    printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$SYSROOT/etc/hosts"
  fi
  [[ -z $(option vlanid) ]] || fatal "This installer makes no VLAN interfaces"
  [[ $(option bootproto dhcp) == static ]] || return 0
  device=$(option device) address=$(option ip)
  # The installed system's udev gives names of its own.
  [[ ! -r ${LAB_SYS:-/sys}/class/net/$device/address ]] || device=$(<"${LAB_SYS:-/sys}/class/net/$device/address")
  [[ -n $address && -n $(option netmask) ]] || parse_error "$1" "A static network needs --ip and --netmask"
  for octet in $(option netmask | tr . ' '); do
    while ((octet)); do prefix=$((prefix + octet % 2)) octet=$((octet / 2)); done
  done
  {
    if [[ $device == *:* ]]; then printf '[Match]\nMACAddress=%s\n' "$device"; else printf '[Match]\nName=%s\n' "${device:-e*}"; fi
    printf '[Network]\nAddress=%s/%s\n' "$address" "$prefix"
    [[ -z $(option gateway) ]] || printf 'Gateway=%s\n' "$(option gateway)"
    [[ -z $(option nameserver) ]] || printf 'DNS=%s\n' "$(option nameserver)"
  } >"$SYSROOT/etc/systemd/network/10-kickstart.network"
}

configure_lang() { printf 'LANG=%s\n' "$(positional)" >"$SYSROOT/etc/locale.conf"; }
configure_keyboard() { printf 'KEYMAP=%s\n' "$(option vckeymap "$(positional)")" >"$SYSROOT/etc/vconsole.conf"; }
configure_timezone() { ln -sfn "../usr/share/zoneinfo/$(positional)" "$SYSROOT/etc/localtime"; }

configure_services() {
  local unit list=()
  IFS=, read -ra list <<<"$(option enabled)"
  for unit in "${list[@]}"; do enable_service "$unit"; done
  IFS=, read -ra list <<<"$(option disabled)"
  for unit in "${list[@]}"; do in_chroot systemctl disable "$unit" || true; done
}

# A service that isn't there is only logged, as Anaconda does.
enable_service() {
  in_chroot systemctl enable "$1" || log_anaconda WRN "core.service" "can't enable $1: $LAST_OUTPUT"
}

# set_password USER HASH: straight into shadow, so that a hash is never on a command line (and so in program.log).
set_password() {
  PASSWORD_USER=$1 PASSWORD_HASH=$2 awk -F: -v OFS=: '$1 == ENVIRON["PASSWORD_USER"] {$2 = ENVIRON["PASSWORD_HASH"]} {print}' "$SYSROOT/etc/shadow" >"$WORK/shadow"
  cat "$WORK/shadow" >"$SYSROOT/etc/shadow"
}

password_hash() {
  local text=$1
  [[ $(option lock) != yes ]] || { printf '!%s' "$text" && return 0; }
  [[ $(option iscrypted) == yes || -z $text ]] || fatal "This installer takes a password only with --iscrypted or --lock"
  printf '%s' "${text:-!}"
}

configure_rootpw() { set_password root "$(password_hash "$(positional)")"; }

configure_group() { in_chroot groupadd -f ${1:+} "$(option name)" || fatal "Creating the group failed: $LAST_OUTPUT"; }

configure_user() {
  local name group list=()
  name=$(option name)
  [[ $name =~ ^[a-z_][a-z0-9_-]*$ ]] || parse_error "$1" "Invalid user name: $name"
  IFS=, read -ra list <<<"$(option groups)"
  for group in "${list[@]}"; do in_chroot groupadd -f "$group" || true; done
  must_in_chroot useradd -m -s "$(option shell /bin/bash)" ${list[0]:+-G "$(option groups)"} "$name"
  set_password "$name" "$(password_hash "$(option password)")"
}

configure_sshkey() {
  local user home key
  user=$(option username)
  key=$(positional)
  home=$(awk -F: -v user="$user" '$1 == user {print $6}' "$SYSROOT/etc/passwd")
  [[ -n $home && -n $key ]] || { log_anaconda WRN "modules.users" "sshkey: no such user: $user" && return 0; }
  (umask 077 && mkdir -p "$SYSROOT$home/.ssh" && printf '%s\n' "$key" >>"$SYSROOT$home/.ssh/authorized_keys")
  must_in_chroot chown -R "$user:" "$home/.ssh"
}
