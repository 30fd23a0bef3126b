# shellcheck shell=bash
# Chooses the one disk that may be installed on, checks it, and writes the partitioning commands. Nothing here writes to
# a disk: it must have failed before anything is cleared.
#
# In: LAB_DISK_SERIAL, _WWN, _BY_ID, _NAME, _MIN_BYTES (each may be empty; all given ones must match), LAB_ALLOW_ERASE,
# LAB_LAYOUT, LAB_LAYOUT_MIN_BYTES, LAB_LAYOUT_GROUP, LAB_LAYOUT_VOLUMES, LAB_FILESYSTEM. Out: $LAB_TMP/disk.ks.

# REPLY: the value of KEY in a line of `lsblk --pairs`.
lsblk_value() {
  REPLY=
  [[ " $1" =~ \ $2=\"([^\"]*)\" ]] && REPLY=${BASH_REMATCH[1]}
  REPLY=${REPLY%"${REPLY##*[![:space:]]}"}
}

# REPLY: the first of the files under the disk's sysfs folder that says something; for systems without udev's database.
sysfs_value() {
  local name=$1 file
  shift
  for file in "$@"; do
    if [[ -r ${LAB_SYS:-/sys}/block/$name/$file ]]; then
      REPLY=
      read -r REPLY <"${LAB_SYS:-/sys}/block/$name/$file" || true
      [[ -z $REPLY ]] || return 0
    fi
  done
  REPLY=
}

# True if the installer itself runs from this disk.
is_boot_medium() {
  local device mountpoint _
  while read -r device mountpoint _; do
    case $mountpoint in
      /run/install/* | /run/initramfs/* | /mnt/install/*) ;;
      *) continue ;;
    esac
    device=${device#/dev/}
    [[ $device != "$1" ]] || return 0
    [[ ! -e ${LAB_SYS:-/sys}/block/$1/$device ]] || return 0
  done <"${LAB_MOUNTS:-/proc/mounts}"
  return 1
}

# REPLY: the disk's serial number, WWN or stable path; empty if it has none.
disk_identity() {
  local link
  case $1 in
    serial)
      lsblk_value "$2" SERIAL
      [[ -n $REPLY ]] || sysfs_value "$3" serial device/serial
      ;;
    wwn)
      lsblk_value "$2" WWN
      [[ -n $REPLY ]] || sysfs_value "$3" wwid device/wwid
      ;;
    by-id)
      for link in "${LAB_DEV:-/dev}"/disk/by-id/*; do
        [[ -e $link && $(readlink -f "$link") == */"$3" ]] || continue
        # The name goes into kickstart commands that take globs.
        [[ ${link##*/} =~ ^[A-Za-z0-9._:+=@-]+$ ]] || continue
        REPLY=$link
        return 0
      done
      REPLY=
      ;;
  esac
}

# REPLY: why the disk is not the one that was meant; empty if it is.
why_not() {
  local line=$1 name=$2 size=$3 wanted
  lsblk_value "$line" TYPE
  [[ $REPLY == disk ]] || { REPLY="is a $REPLY" && return 0; }
  case $name in
    mmcblk*boot* | mmcblk*gp[0-9]* | mmcblk*rpmb) REPLY='is a hardware partition of an eMMC' && return 0 ;;
    nvme*c[0-9]*n*) REPLY='is a path of an NVMe disk' && return 0 ;;
    zram* | ram* | loop* | sr* | fd* | nbd* | dm-* | md* | mtdblock* | ubiblock* | zd* | drbd* | rbd* | rnbd* | ublkb* | nullb* | zloop* | bcache* | pktcdvd*)
      REPLY='is not a real disk' && return 0
      ;;
  esac
  lsblk_value "$line" RM
  [[ $REPLY != 1 ]] || { REPLY='is removable' && return 0; }
  lsblk_value "$line" RO
  [[ $REPLY != 1 ]] || { REPLY='is read-only' && return 0; }
  ! is_boot_medium "$name" || { REPLY='is what the installer runs from' && return 0; }
  if [[ -n $LAB_DISK_SERIAL ]]; then
    disk_identity serial "$line" "$name"
    [[ $REPLY == "$LAB_DISK_SERIAL" ]] || { REPLY="has serial ${REPLY:-unknown}" && return 0; }
  fi
  if [[ -n $LAB_DISK_WWN ]]; then
    disk_identity wwn "$line" "$name"
    [[ ${REPLY,,} == "${LAB_DISK_WWN,,}" ]] || { REPLY="has WWN ${REPLY:-unknown}" && return 0; }
  fi
  if [[ -n $LAB_DISK_BY_ID ]]; then
    wanted=${LAB_DEV:-/dev}/disk/by-id/${LAB_DISK_BY_ID##*/}
    [[ -e $wanted && $(readlink -f "$wanted") == */"$name" ]] || { REPLY='has another by-id name' && return 0; }
  fi
  [[ -z $LAB_DISK_NAME || ${LAB_DISK_NAME#/dev/} == "$name" ]] || { REPLY='has another name' && return 0; }
  [[ -z $LAB_DISK_MIN_BYTES ]] || ((size >= LAB_DISK_MIN_BYTES)) || { REPLY='is too small for the rule' && return 0; }
  REPLY=
}

# REPLY: the rule in words.
disk_rule() {
  local rule=''
  [[ -z $LAB_DISK_SERIAL ]] || rule+=" serial=$LAB_DISK_SERIAL"
  [[ -z $LAB_DISK_WWN ]] || rule+=" wwn=$LAB_DISK_WWN"
  [[ -z $LAB_DISK_BY_ID ]] || rule+=" by-id=$LAB_DISK_BY_ID"
  [[ -z $LAB_DISK_NAME ]] || rule+=" name=$LAB_DISK_NAME"
  [[ -z $LAB_DISK_MIN_BYTES ]] || rule+=" size>=$LAB_DISK_MIN_BYTES"
  REPLY=${rule:- the only disk}
  REPLY=${REPLY# }
}

# True if each of the disks LONE has something in the array that no other disk has. In: LONE, indexes of the array.
tells_apart() {
  local -n values=$1
  local index other
  for index in "${LONE[@]}"; do
    [[ -n ${values[index]} ]] || return 1
    for other in "${!values[@]}"; do
      [[ $other == "$index" || ${values[other]} != "${values[index]}" ]] || return 1
    done
  done
}

# REPLY: which of the disks can be pinned by what. In: the arrays of choose_disk.
several_match() {
  local index other paths_of luns='' named='' key LONE=()
  for index in "${!matches[@]}"; do
    # A world-wide name names one LUN.
    paths_of=()
    for other in "${!matches[@]}"; do
      [[ -z ${wwns[index]} || ${wwns[other]} != "${wwns[index]}" ]] || paths_of+=("${matches[other]}")
    done
    if ((${#paths_of[@]} < 2)); then
      LONE+=("$index") named+=" ${matches[index]}"
    elif ((${#paths_of[@]} == ${#matches[@]})); then
      REPLY="matches ${#matches[@]} paths of one LUN (WWN ${wwns[0]}): ${matches[*]}. Leave it one path while it installs, or choose another disk."
      return 0
    elif [[ ${paths_of[0]} == "${matches[index]}" ]]; then
      luns+=" ${paths_of[*]} are paths of one LUN (WWN ${wwns[index]})."
    fi
  done
  REPLY="matches ${#matches[@]} disks: ${matches[*]}.$luns"
  if ((${#LONE[@]} == 0)); then
    REPLY+=' Leave each LUN one path while it installs, or choose another disk.'
    return 0
  fi
  if [[ -z $luns ]]; then
    named=' one of them'
  elif ((${#LONE[@]} > 1)); then
    named=" one of$named"
  fi
  for key in 'serials serial number' 'wwns WWN' 'paths by-id name'; do
    if tells_apart "${key%% *}"; then
      REPLY+=" Pin$named by its ${key#* }."
      return 0
    fi
  done
  REPLY+=' Nothing but their names tells them all apart, and names may change between boots: disconnect the others.'
}

# Sets DISK (kernel name), DISK_BYTES, DISK_PATH (what the kickstart commands call it).
choose_disk() {
  local listing line name size seen='' matches=() capacities=() serials=() wwns=() paths=() rule
  listing=$(lsblk --nodeps --noheadings --bytes --pairs --output NAME,TYPE,SIZE,RM,RO,SERIAL,WWN,MODEL)
  while IFS= read -r line; do
    lsblk_value "$line" NAME
    name=$REPLY
    [[ $name =~ ^[A-Za-z0-9._-]+$ ]] || continue
    # The installer's own: its second stage is a loop device.
    [[ $name != loop* && $name != ram* && $name != zram* ]] || continue
    lsblk_value "$line" SIZE
    size=$REPLY
    [[ $size =~ ^[0-9]+$ ]] || size=0
    ((size > 0)) || continue # an empty card reader or CD drive
    why_not "$line" "$name" "$size"
    bastion_log "disk $name: $size bytes: ${REPLY:-matches}"
    if [[ -n $REPLY ]]; then
      seen+="${seen:+; }$name ($size bytes) $REPLY"
      continue
    fi
    # In one spelling, and without the blanks that separate words.
    disk_identity serial "$line" "$name"
    serials+=("${REPLY// /_}")
    disk_identity wwn "$line" "$name"
    wwns+=("${REPLY,,}")
    disk_identity by-id "$line" "$name"
    matches+=("$name") capacities+=("$size") paths+=("${REPLY:+disk/by-id/${REPLY##*/}}")
  done <<<"$listing"
  disk_rule
  rule=$REPLY
  case ${#matches[@]} in
    0) lab_fail "No disk matches the rule ($rule). Seen: ${seen:-no disk at all}." ;;
    1) ;;
    *)
      several_match
      lab_fail "The rule ($rule) $REPLY"
      ;;
  esac
  DISK=${matches[0]} DISK_BYTES=${capacities[0]} DISK_PATH=${paths[0]:-${matches[0]}}
}

# REPLY: signatures on the disk and its partitions (partition table, file systems, physical volumes); empty if blank.
disk_signatures() {
  local device found='' output devices
  devices=$(lsblk --noheadings --list --output NAME "${LAB_DEV:-/dev}/$1")
  for device in $devices; do
    [[ -e ${LAB_DEV:-/dev}/$device ]] || continue
    output=$(wipefs --parsable "${LAB_DEV:-/dev}/$device")
    while IFS= read -r output; do
      [[ -z $output || $output == \#* ]] || found+="${found:+, }$device: ${output##*,}"
    done <<<"$output"
  done
  REPLY=$found
}

check_disk() {
  if ((DISK_BYTES < LAB_LAYOUT_MIN_BYTES)); then
    lab_fail "The disk $DISK has $DISK_BYTES bytes; the layout \"$LAB_LAYOUT\" needs $LAB_LAYOUT_MIN_BYTES. Choose the layout \"small\" or a larger disk."
  fi
  disk_signatures "$DISK"
  [[ -n $REPLY ]] || return 0
  if [[ $LAB_ALLOW_ERASE != yes ]]; then
    lab_fail "The disk $DISK holds data ($REPLY) and the install may not erase it. Nothing was changed. Queue the install with the permission to erase this disk."
  fi
  bastion_log "disk $DISK holds data ($REPLY), which this install may erase"
}

# zerombr is what lets the installer put a label on a blank disk too; ignoredisk keeps it, and all else, to this disk.
write_disk_ks() {
  local volume
  {
    printf 'ignoredisk --only-use=%s\nzerombr\nclearpart --all --initlabel --disklabel=gpt --drives=%s\n' "$DISK_PATH" "$DISK_PATH"
    if [[ -d ${LAB_SYS:-/sys}/firmware/efi ]]; then
      printf 'part /boot/efi --fstype=efi --size=600 --ondisk=%s\n' "$DISK_PATH"
    else
      printf 'part biosboot --fstype=biosboot --size=1 --ondisk=%s\n' "$DISK_PATH"
    fi
    printf 'part /boot --fstype=%s --size=1024 --ondisk=%s\n' "$LAB_FILESYSTEM" "$DISK_PATH"
    printf 'part pv.01 --size=1 --grow --ondisk=%s\nvolgroup %s pv.01\n' "$DISK_PATH" "$LAB_LAYOUT_GROUP"
    for volume in "${LAB_LAYOUT_VOLUMES[@]}"; do
      printf '%s\n' "$volume"
    done
  } >"$LAB_TMP/disk.ks.new"
  mv "$LAB_TMP/disk.ks.new" "$LAB_TMP/disk.ks"
}
