# shellcheck shell=bash
# %post in the chroot: from installed packages to a server that reports its first boot.
# LAB_ROOT is the root folder: empty in the chroot, a folder of its own in tests.
ROOT=${LAB_ROOT-}

have() {
  command -v "$1" >/dev/null 2>&1
}

# put MODE FILE: standard input becomes the file.
put() {
  mkdir -p "$(dirname "$ROOT$2")"
  cat >"$ROOT$2"
  chmod "$1" "$ROOT$2"
}

enable() {
  if have systemctl && systemctl ${ROOT:+--root="$ROOT"} enable "$1"; then return 0; fi
  return 1
}

check_bootloader() {
  local file
  for file in "$ROOT"/boot/efi/EFI/*/*.efi "$ROOT"/boot/grub2/grub.cfg "$ROOT"/boot/grub/grub.cfg; do
    [[ ! -e $file ]] || { bastion_log "boot loader: ${file#"$ROOT"}" && return 0; }
  done
  stage_note 'No boot loader is on the disk yet.'
}

write_users() {
  local i
  for ((i = 0; i < ${#LAB_USERS[@]}; i++)); do
    if ! id "${LAB_USERS[i]}" >/dev/null 2>&1; then
      useradd --create-home --shell /bin/bash ${ROOT:+--root "$ROOT"} "${LAB_USERS[i]}"
    fi
    [[ -z ${LAB_USER_GROUPS[i]} ]] || usermod --append --groups "${LAB_USER_GROUPS[i]}" ${ROOT:+--root "$ROOT"} "${LAB_USERS[i]}"
  done
}

write_sudoers() {
  local user
  for user in "${LAB_SUDOERS[@]}"; do
    printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$user" | put 440 "/etc/sudoers.d/lab-$user"
  done
}

# Where Fedora and the RHEL family keep the certificates that they trust, and where Debian does.
trust_certificates() {
  local number=0 certificate folder=/etc/pki/ca-trust/source/anchors suffix=pem update=update-ca-trust
  if [[ ${#LAB_CA_CERTIFICATES[@]} -eq 0 ]]; then
    bastion_log 'no CA certificate to trust'
    return 0
  fi
  have update-ca-trust || folder=/usr/local/share/ca-certificates suffix=crt update=update-ca-certificates
  for certificate in "${LAB_CA_CERTIFICATES[@]}"; do
    number=$((number + 1))
    {
      printf -- '-----BEGIN CERTIFICATE-----\n'
      fold -w 64 <<<"$certificate"
      printf -- '-----END CERTIFICATE-----\n'
    } | put 644 "$folder/lab-$number.$suffix"
  done
  have "$update" || { stage_note "The CA certificates lie in $folder, but $update is not there." && return 0; }
  "$update"
}

# authorize USER HOME KEY...
authorize() {
  local user=$1 home=$2
  shift 2
  mkdir -p "$ROOT$home/.ssh"
  chmod 700 "$ROOT$home/.ssh"
  printf '%s\n' "$@" | put 600 "$home/.ssh/authorized_keys"
  [[ $user == root ]] || chown -R "$user:" "$ROOT$home/.ssh"
}

write_ssh() {
  local i entry keys
  [[ ${#LAB_SSH_KEYS[@]} -eq 0 ]] || authorize root /root "${LAB_SSH_KEYS[@]}"
  for ((i = 0; i < ${#LAB_USERS[@]}; i++)); do
    keys=()
    for entry in "${LAB_USER_KEYS[@]}"; do
      [[ ${entry%% *} != "${LAB_USERS[i]}" ]] || keys+=("${entry#* }")
    done
    [[ ${#keys[@]} -eq 0 ]] || authorize "${LAB_USERS[i]}" "/home/${LAB_USERS[i]}" "${keys[@]}"
  done
  if [[ -d $ROOT/etc/ssh ]]; then
    printf '# Keys only.\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n' | put 600 /etc/ssh/sshd_config.d/10-lab.conf
  fi
  enable sshd || enable ssh || stage_note 'No SSH daemon to enable.'
}

prepare_k3s() {
  local port
  if [[ ${#LAB_K3S_MODULES[@]} -eq 0 && ${#LAB_K3S_SYSCTL[@]} -eq 0 ]]; then
    bastion_log "nothing to prepare for the role $LAB_ROLE"
    return 0
  fi
  printf '%s\n' "${LAB_K3S_MODULES[@]}" | put 644 /etc/modules-load.d/lab-k3s.conf
  printf '%s\n' "${LAB_K3S_SYSCTL[@]}" | put 644 /etc/sysctl.d/90-lab-k3s.conf
  have firewall-offline-cmd || { bastion_log 'no firewalld: no ports to open' && return 0; }
  for port in "${LAB_K3S_PORTS[@]}"; do
    firewall-offline-cmd --add-port="$port"
  done
  for port in "${LAB_K3S_TRUSTED[@]}"; do
    firewall-offline-cmd --zone=trusted --add-source="$port"
  done
}

# boot_order_is OUTCOME [WANTED]: for the first boot's report.
boot_order_is() {
  printf 'LAB_BOOT_OUTCOME=%s\nLAB_BOOT_WANTED=%s\n' "$1" "${2-}" | put 600 /var/lib/lab/install/boot-order
}

# Network first, then the disk: an installed machine asks the bastion at every boot, so a reinstall needs no hands. Or the
# disk first, if that is asked for. Of a machine that booted from a medium (iPXE says so) the medium takes the network's
# place: it asks while it is in. Done as soon as there is a boot loader, so that a machine whose %post fails doesn't start
# from a half-made disk. Firmware that won't is a warning: the machine then boots from its disk, as it should.
order_boot() {
  local listing line number label path current='' old='' network='' disk='' esp='' order='' word medium=''
  local -A known=()
  [[ -d ${LAB_SYS:-/sys}/firmware/efi ]] || { boot_order_is bios && bastion_log 'BIOS: the boot order is the firmware'\''s' && return 0; }
  [[ " $(<"${LAB_PROC:-/proc}/cmdline") " != *' lab.medium=1 '* ]] || medium=yes
  listing=$(boot_order_lines) || { boot_order_is unknown && stage_note 'The boot order was left as it is: efibootmgr failed.' && return 0; }
  esp=$(findmnt --noheadings --output PARTUUID --mountpoint "$ROOT/boot/efi" 2>/dev/null) || esp=
  while IFS= read -r line; do
    case $line in
      BootCurrent:*) current=${line#BootCurrent: } ;;
      BootOrder:*) old=${line#BootOrder: } ;;
    esac
  done <<<"$listing"
  # In the firmware's order, Anaconda's new entry first; then those that are in no order.
  for word in ${old//,/ } $(boot_order_numbers <<<"$listing"); do
    line=$(boot_order_entry "$word" <<<"$listing") || continue
    number=${line:4:4} label=${line:10} path=
    number=${number^^}
    [[ -z ${known[$number]-} ]] || continue
    known[$number]=$label
    [[ $label != *$'\t'* ]] || { path=${label#*$'\t'} && label=${label%%$'\t'*}; }
    if [[ -n $medium && $number == "${current^^}" ]]; then
      network=$number
    elif [[ -z $medium ]] && boot_order_is_network "$label" "$path"; then
      # What the machine booted from, if that was the network; else the first network entry.
      [[ -n $network && $number != "${current^^}" ]] || network=$number
    elif [[ $path == *HD\(*File\(* ]]; then
      # The system's own partition tells its entry from others' of the same disk.
      [[ -n $disk && (-z $esp || ${path,,} != *,"${esp,,}",*) ]] || disk=$number
    fi
  done
  case $LAB_BOOT_ORDER in
    disk-first)
      [[ -n $disk ]] || { boot_order_is no-disk-entry && stage_note 'The boot order was left as it is: the firmware lists no entry of the disk.' && return 0; }
      order=$disk
      ;;
    *)
      [[ -n $network ]] || { boot_order_is no-network-entry && stage_note "The boot order was left as it is: the firmware lists no $([[ -n $medium ]] && echo 'entry of the boot medium' || echo 'network entry')." && return 0; }
      # Sent on by its bastion, the machine starts the next entry.
      order=$network${disk:+,$disk}
      ;;
  esac
  for word in ${old//,/ }; do
    word=${word^^}
    # efibootmgr refuses an order with numbers that have no entry, as firmware leaves them (src/efibootmgr.c, parse_order).
    [[ ,$order, == *,"$word",* || -z ${known[$word]-} ]] || order+=,$word
  done
  if [[ $order == "${old^^}" ]] || efibootmgr -q -o "$order"; then
    boot_order_is set "$order"
    bastion_log "boot order: $order ($LAB_BOOT_ORDER)"
  else
    boot_order_is refused "$order"
    stage_note "The firmware refused the boot order $order."
  fi
}

write_metadata() {
  {
    printf 'INSTALL_ID=%s\nSERVER=%s\nROLE=%s\nPROFILE=%s\n' "$LAB_INSTALL_ID" "$LAB_SERVER" "$LAB_ROLE" "$LAB_PROFILE"
    TZ=UTC0 printf 'BASTION_URL=%s\nINSTALLED_AT=%(%Y-%m-%dT%H:%M:%SZ)T\n' "$LAB_URL" -1
  } | put 644 /etc/lab/install.env
  mkdir -p "$ROOT/usr/local/sbin"
  write_first_boot "$ROOT/usr/local/sbin/lab-first-boot"
  chmod 755 "$ROOT/usr/local/sbin/lab-first-boot"
  put 644 /etc/systemd/system/lab-first-boot.service <<'UNIT'
[Unit]
Description=Report the first boot to the lab's bastion
Wants=network-online.target
After=network-online.target sshd.service ssh.service
ConditionPathExists=/var/lib/lab/install/data

[Service]
Type=exec
ExecStart=/bin/bash /usr/local/sbin/lab-first-boot

[Install]
WantedBy=multi-user.target
UNIT
  enable lab-first-boot.service || lab_fail 'The first-boot report could not be enabled: systemctl enable failed.'
  # Labels of what was written here, where the system has SELinux.
  ! have restorecon || restorecon -RF "$ROOT/etc/lab" "$ROOT/usr/local/sbin" "$ROOT/var/lib/lab" "$ROOT/root/.ssh" "$ROOT/home" \
    "$ROOT/etc/sudoers.d" "$ROOT/etc/pki/ca-trust/source/anchors" "$ROOT/etc/hostname" \
    "$ROOT/etc/systemd/system/lab-first-boot.service" || true
}

stage bootloader
check_bootloader
stage boot-order
order_boot
stage hostname
printf '%s\n' "$LAB_HOSTNAME" | put 644 /etc/hostname
stage users
write_users
write_sudoers
stage ssh
write_ssh
stage certificates
trust_certificates
stage k3s-prep
prepare_k3s
stage metadata
write_metadata
