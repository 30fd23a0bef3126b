# shellcheck shell=bash
# shellcheck disable=SC2034 # EFI_DISK, BIOS_DISK and others are read by bootloader.sh
# Partitions, volumes and file systems, really made on the disk. Sizes are MiB, as in a kickstart.

PARTS=() VOLUMES=() ALLOWED_DISKS=() CLEARED_DISKS=() MOUNTS=()
VOLUME_GROUP='' VOLUME_GROUP_PVS=() CLEAR=none INIT_LABEL=no

# disk_of SPEC: /dev/vda for vda, /dev/vda, disk/by-id/…; fatal when there is none.
disk_of() {
  local path=$1
  [[ $path == /dev/* ]] || path=/dev/$path
  path=$(realpath -e "$path" 2>/dev/null) || return 1
  [[ -b $path ]] && printf '%s' "$path"
}

read_ignoredisk() {
  local spec list=()
  IFS=, read -ra list <<<"$(option only-use)"
  for spec in "${list[@]}"; do
    ALLOWED_DISKS+=("$(disk_of "$spec")") || parse_error "$1" "Disk \"$spec\" given in ignoredisk command does not exist."
  done
}

read_clearpart() {
  local spec list=()
  [[ $(option all) != yes ]] || CLEAR=all
  [[ $(option initlabel) != yes ]] || INIT_LABEL=yes
  IFS=, read -ra list <<<"$(option drives)"
  for spec in "${list[@]}"; do
    CLEARED_DISKS+=("$(disk_of "$spec")") || parse_error "$1" "Disk \"$spec\" given in clearpart command does not exist."
  done
}

read_part() {
  local disk
  disk=$(option ondisk "$(option ondrive)")
  if [[ -n $disk ]]; then
    disk=$(disk_of "$disk") || parse_error "$1" "Disk \"$(option ondisk "$(option ondrive)")\" given in part command does not exist."
  fi
  PARTS+=("$(positional)|$(option fstype)|$(option size 0)|$(option grow no)|$disk|$(option label)|$1")
}

read_volgroup() {
  local word
  VOLUME_GROUP=$(positional)
  for word in "${WORDS[@]:1}"; do [[ $word != pv.* ]] || VOLUME_GROUP_PVS+=("$word"); done
}

read_logvol() {
  [[ $(option vgname) == "$VOLUME_GROUP" ]] || parse_error "$1" "No volume group exists with the name \"$(option vgname)\".  Specify volume groups before logical volumes."
  VOLUMES+=("$(positional)|$(option fstype)|$(option size 0)|$(option grow no)|$(option percent)|$(option name)|$1")
}

# all_disks: every fixed disk, as lsblk sees them.
all_disks() { lsblk -dpno NAME,TYPE,RM | awk '$2 == "disk" && $3 == "0" && $1 !~ /zram|ram|loop/ {print $1}'; }

install_storage() {
  local disks=()
  each_command read_ignoredisk ignoredisk
  each_command read_clearpart clearpart
  each_command read_part part partition
  each_command read_volgroup volgroup
  each_command read_logvol logvol
  mapfile -t disks < <(all_disks)
  log_storage "disks: ${disks[*]}"
  [[ ${#ALLOWED_DISKS[@]} -gt 0 ]] || ALLOWED_DISKS=("${disks[@]}")
  [[ ${#ALLOWED_DISKS[@]} -gt 0 ]] || fatal "No disks selected"
  [[ ${#CLEARED_DISKS[@]} -gt 0 ]] || CLEARED_DISKS=("${ALLOWED_DISKS[@]}")
  [[ ${#PARTS[@]} -gt 0 ]] || fatal "The kickstart has no partitions, and this installer makes none by itself"
  local disk
  for disk in "${CLEARED_DISKS[@]}"; do clear_disk "$disk"; done
  make_partitions
  [[ -z $VOLUME_GROUP ]] || make_volumes
  mount_all
}

clear_disk() {
  local disk=$1 vg
  [[ $CLEAR == all ]] || return 0
  [[ " ${ALLOWED_DISKS[*]} " == *" $disk "* ]] || { log_storage "$disk is not usable, not clearing it" && return 0; }
  log_storage "clearing $disk"
  # A volume group that is active keeps the disk busy.
  while read -r vg; do [[ -z $vg ]] || must lvm vgremove -f -y "$vg"; done < <(lvm pvs --noheadings -o vg_name,pv_name 2>/dev/null | awk -v disk="$disk" 'NF == 2 && index($2, disk) == 1 {print $1}' | sort -u)
  must wipefs -a -f "$disk"
  # A disk that is only cleared gets its empty label here, the one that is partitioned with its partitions.
  if [[ $INIT_LABEL == yes && $disk != "${ALLOWED_DISKS[0]}" ]]; then
    printf 'label: gpt\n' >"$WORK/label"
    INPUT=$WORK/label must sfdisk "$disk"
  fi
}

# part_path DISK NUMBER: /dev/vda1, /dev/nvme0n1p1.
part_path() { if [[ $1 =~ [0-9]$ ]]; then printf '%sp%s' "$1" "$2"; else printf '%s%s' "$1" "$2"; fi; }

make_partitions() {
  local part mount fstype size grow disk label line type ordered=() number=0 path
  local default=${ALLOWED_DISKS[0]}
  # What grows goes last, so that the rest of the disk is its.
  for part in "${PARTS[@]}"; do IFS='|' read -r _ _ _ grow _ <<<"$part" && [[ $grow == yes ]] || ordered+=("$part"); done
  for part in "${PARTS[@]}"; do IFS='|' read -r _ _ _ grow _ <<<"$part" && [[ $grow == yes ]] && ordered+=("$part"); done
  printf 'label: gpt\n' >"$WORK/layout"
  for part in "${ordered[@]}"; do
    IFS='|' read -r mount fstype size grow disk label line <<<"$part"
    [[ -z $disk || $disk == "$default" ]] || parse_error "$line" "This installer puts all partitions on one disk, $default"
    case $mount:$fstype in
      pv.*) type=E6D6D379-F507-44C2-A23C-238F2A3DF928 ;;
      /boot/efi:*) type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B ;;
      *:biosboot) type=21686148-6449-6E6F-744E-656564454649 ;;
      swap:*) type=0657FD6D-A4AB-43C4-84E5-0933C84B4F4F ;;
      *) type=0FC63DAF-8483-4772-8E79-3D69D8477DE4 ;;
    esac
    if [[ $grow == yes ]]; then printf 'type=%s\n' "$type"; else printf 'size=%sMiB, type=%s\n' "$size" "$type"; fi >>"$WORK/layout"
  done
  # No --force: a disk that is in use or still holds something is an error here.
  INPUT=$WORK/layout must sfdisk --wipe always --wipe-partitions always "$default"
  must udevadm settle --timeout=30
  for part in "${ordered[@]}"; do
    IFS='|' read -r mount fstype size grow disk label line <<<"$part"
    number=$((number + 1))
    path=$(part_path "$default" "$number")
    log_storage "created partition $path of ${size} MiB for $mount"
    case $mount in
      pv.*) PV_PATH[$mount]=$path ;;
      biosboot) BIOS_DISK=$default ;; # GRUB's own, without a file system
      *) make_filesystem "$path" "$fstype" "$mount" "$label" ;;
    esac
    if [[ $mount == /boot/efi ]]; then EFI_DISK=$default EFI_PART=$number; fi
  done
}
declare -gA PV_PATH=()

make_volumes() {
  local volume mount fstype size grow percent name pv paths=() growing=0
  for pv in "${VOLUME_GROUP_PVS[@]}"; do
    [[ -v PV_PATH[$pv] ]] || fatal "Tried to use undefined partition $pv in Volume Group specification"
    paths+=("${PV_PATH[$pv]}")
    must lvm pvcreate -ff -y "${PV_PATH[$pv]}"
  done
  must lvm vgcreate -y "$VOLUME_GROUP" "${paths[@]}"
  for volume in "${VOLUMES[@]}"; do
    IFS='|' read -r mount fstype size grow percent name _ <<<"$volume"
    if [[ $grow == yes ]]; then growing=$((growing + 1)) && continue; fi
    if [[ -n $percent ]]; then
      must lvm lvcreate -y -W n -n "$name" -l "$percent%FREE" "$VOLUME_GROUP"
    else
      must lvm lvcreate -y -W n -n "$name" -L "${size}M" "$VOLUME_GROUP"
    fi
  done
  for volume in "${VOLUMES[@]}"; do
    IFS='|' read -r mount fstype size grow percent name _ <<<"$volume"
    [[ $grow == yes ]] || continue
    # Volumes that grow share what is left evenly.
    must lvm lvcreate -y -W n -n "$name" -l "$((100 / growing))%FREE" "$VOLUME_GROUP"
    growing=$((growing - 1))
  done
  must udevadm settle --timeout=30
  for volume in "${VOLUMES[@]}"; do
    IFS='|' read -r mount fstype size grow percent name _ <<<"$volume"
    # The device mapper's name doubles a dash; /dev/VG/LV needs no such rule.
    make_filesystem "$(realpath -e "/dev/$VOLUME_GROUP/$name")" "$fstype" "$mount" ""
    [[ $mount != / ]] || ROOT_VOLUME=$VOLUME_GROUP/$name
  done
}

make_filesystem() {
  local path=$1 fstype=$2 mount=$3 label=$4
  case $fstype in
    efi | vfat) must mkfs.vfat -F 32 "$path" && fstype=vfat ;;
    xfs) must mkfs.xfs -f -K "$path" ;;
    ext4 | '') must mke2fs -t ext4 -F -q -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 ${label:+-L "$label"} "$path" && fstype=ext4 ;;
    swap) must mkswap "$path" && mount=swap ;;
    *) fatal "The file system type $fstype is not one that this installer can make" ;;
  esac
  log_storage "formatted $path as $fstype for $mount"
  MOUNTS+=("$mount|$path|$fstype")
}

mount_all() {
  local entry mount path fstype
  mapfile -t MOUNTS < <(printf '%s\n' "${MOUNTS[@]}" | sort -t'|' -k1,1) # a folder before what is in it
  [[ ${MOUNTS[*]} == *"/|"* ]] || fatal "You have not defined a root partition (/), which is required for installation to continue."
  for entry in "${MOUNTS[@]}"; do
    IFS='|' read -r mount path fstype <<<"$entry"
    [[ $mount == /* ]] || continue
    mkdir -p "$SYSROOT$mount"
    must mount -t "$fstype" "$path" "$SYSROOT${mount%/}"
  done
}
