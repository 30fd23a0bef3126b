# shellcheck shell=bash
# Discovery: tells the bastion what the machine is, then asks until there is something else to do, and reboots. Touches
# no disk. Never gives up: a machine in a rack waits for its bastion, however long that takes.
# In: LAB_URL. Every value that can't be read is null; nothing is invented.
LAB_SYS=${LAB_SYS:-/sys}
LAB_PROC=${LAB_PROC:-/proc}
LAB_DEV=${LAB_DEV:-/dev}

# hold_on SECONDS. Where the folder is gone or nothing is left to wait with, this is no installer's system any more: ends.
hold_on() {
  [[ -d $LAB_DIR ]] && lab_pause "$1" || exit 1
}

# REPLY: a JSON string, or null for nothing and for what firmware says when it knows nothing.
text_or_null() {
  local text=${1-} max=${2:-128}
  text=${text#"${text%%[![:space:]]*}"}
  text=${text%"${text##*[![:space:]]}"}
  case ${text,,} in
    '' | none | unknown | 'not specified' | 'not available' | 'not present' | default* | 'to be filled'* | 'system '* | 0 | 00000000)
      REPLY=null
      return 0
      ;;
  esac
  text=${text:0:max}
  text=$(printf '%s' "$text" | LC_ALL=C tr -c ' -~' '?')
  text=${text//\\/\\\\}
  REPLY="\"${text//\"/\\\"}\""
}

number_or_null() {
  REPLY=null
  [[ ! ${1-} =~ ^[0-9]{1,15}$ ]] || REPLY=$((10#$1))
}

bool_or_null() {
  case ${1-} in 1) REPLY=true ;; 0) REPLY=false ;; *) REPLY=null ;; esac
}

# REPLY: the first line of a file, or nothing.
first_line() {
  REPLY=
  [[ ! -r $1 ]] || { read -r REPLY <"$1"; } 2>/dev/null || true
}

pair() {
  REPLY=
  [[ " $1" =~ \ $2=\"([^\"]*)\" ]] && REPLY=${BASH_REMATCH[1]}
  return 0
}

# REPLY: the MAC of the NIC that booted (BOOTIF=01-aa-bb-…), else of the first one with a link.
boot_mac() {
  local word nic
  for word in $(<"$LAB_PROC/cmdline"); do
    [[ ${word,,} =~ ^bootif=(01-)?([0-9a-f]{2}([:-][0-9a-f]{2}){5})$ ]] || continue
    REPLY=${BASH_REMATCH[2]//-/:}
    return 0
  done
  for nic in "$LAB_SYS"/class/net/*; do
    [[ -e $nic/device ]] || continue
    first_line "$nic/carrier"
    [[ $REPLY == 1 ]] || continue
    first_line "$nic/address"
    return 0
  done
  REPLY=
}

cpu_members() {
  local key value model='' cores='' members
  cores=$(lscpu -p=CORE,SOCKET 2>/dev/null | grep -v '^#' | sort -u | grep -c . || true)
  while IFS=: read -r key value; do
    [[ $key != 'model name'* || -n $model ]] || model=$value
  done <"$LAB_PROC/cpuinfo"
  [[ -n $model ]] || model=$(lscpu 2>/dev/null | sed -n 's/^Model name: *//p' || true)
  [[ $cores =~ ^[1-9] ]] || cores=$(grep -c '^processor' "$LAB_PROC/cpuinfo" || true)
  text_or_null "$model" 256
  members="\"cpu_model\":$REPLY"
  number_or_null "$cores"
  [[ $REPLY != 0 ]] || REPLY=null
  REPLY="$members,\"cpu_cores\":$REPLY"
}

nics() {
  local nic name all='' item driver link count=0
  for nic in "$LAB_SYS"/class/net/*; do
    name=${nic##*/}
    # Real NICs only: lo, bridges and bonds have no device.
    [[ -e $nic/device && $name =~ ^[A-Za-z0-9._-]+$ ]] || continue
    ((count++ < 64)) || break
    first_line "$nic/address"
    [[ ${REPLY,,} =~ ^[0-9a-f]{2}(:[0-9a-f]{2}){5}$ ]] || continue
    item="{\"name\":\"$name\",\"mac\":\"${REPLY,,}\""
    driver=$(readlink "$nic/device/driver" 2>/dev/null || true)
    # virtio: the NIC's device is a bus device, the driver link is there too
    text_or_null "${driver##*/}" 64
    item+=",\"driver\":$REPLY"
    first_line "$nic/speed"
    number_or_null "$REPLY"
    item+=",\"speed_mbps\":$REPLY"
    first_line "$nic/carrier"
    bool_or_null "$REPLY"
    link=$REPLY
    item+=",\"link\":$link,\"addresses\":["
    item+=$(ip -o addr show dev "$name" scope global 2>/dev/null |
      awk '($3 == "inet" || $3 == "inet6") && n < 16 { printf "%s\"%s\"", (n++ ? "," : ""), $4 }' || true)
    all+="${all:+,}$item]}"
  done
  REPLY="[$all]"
}

# REPLY: the disk's stable path, a WWN or model and serial name before others; null without udev.
by_id() {
  local link best='' name
  for link in "$LAB_DEV"/disk/by-id/*; do
    [[ -e $link && $(readlink -f "$link") == */"$1" ]] || continue
    name=${link##*/}
    case $name in
      nvme-eui.* | wwn-*) [[ -n $best ]] || best=$link ;;
      *) best=$link ;;
    esac
  done
  text_or_null "$best" 256
}

has_data() {
  local output
  if output=$(wipefs --parsable "$LAB_DEV/$1" 2>/dev/null); then
    REPLY=false
    [[ ! $output =~ (^|$'\n')[^#$'\n'] ]] || REPLY=true
  else
    REPLY=null
  fi
}

disks() {
  local line name all='' item key value count=0
  while IFS= read -r line; do
    pair "$line" TYPE
    [[ $REPLY == disk ]] || continue
    pair "$line" NAME
    name=$REPLY
    [[ $name =~ ^[A-Za-z0-9._-]+$ ]] || continue
    case $name in
      mmcblk*boot* | mmcblk*gp[0-9]* | mmcblk*rpmb) continue ;; # hardware partitions of an eMMC
      nvme*c[0-9]*n*) continue ;;                               # a path of an NVMe disk
      zram* | ram* | loop* | sr* | fd* | nbd* | dm-* | md* | mtdblock* | ubiblock* | zd* | drbd* | rbd* | rnbd* | ublkb* | nullb* | zloop* | bcache* | pktcdvd*) continue ;;
    esac
    # Nothing can be installed on it: an eMMC's boot partition, a card with its lock set, a disk that has worn out.
    pair "$line" RO
    [[ $REPLY != 1 ]] || continue
    pair "$line" SIZE
    [[ $REPLY =~ ^[1-9][0-9]*$ ]] || continue
    ((count++ < 256)) || break
    item="{\"name\":\"$name\",\"size_bytes\":$REPLY"
    for key in MODEL SERIAL WWN TRAN; do
      pair "$line" "$key"
      value=$REPLY
      case $key in
        SERIAL) [[ -n $value ]] || { first_line "$LAB_SYS/block/$name/serial" && value=$REPLY; } ;;
        MODEL) [[ -n $value ]] || { first_line "$LAB_SYS/block/$name/device/model" && value=$REPLY; } ;;
        WWN) [[ -n $value ]] || { first_line "$LAB_SYS/block/$name/wwid" && value=$REPLY; } ;;
      esac
      text_or_null "$value"
      [[ $key != TRAN ]] || key=transport
      item+=",\"${key,,}\":$REPLY"
    done
    by_id "$name"
    item+=",\"by_id\":$REPLY"
    pair "$line" ROTA
    bool_or_null "$REPLY"
    item+=",\"rotational\":$REPLY"
    pair "$line" RM
    [[ $REPLY == 1 ]] && REPLY=true || REPLY=false
    item+=",\"removable\":$REPLY"
    has_data "$name"
    all+="${all:+,}$item,\"has_data\":$REPLY}"
  done < <(lsblk --nodeps --noheadings --bytes --pairs --output NAME,TYPE,SIZE,RM,RO,ROTA,SERIAL,WWN,TRAN,MODEL 2>/dev/null)
  REPLY="[$all]"
}

# REPLY: the report.
gather() {
  local report=$1 file
  report="{\"mac\":\"$1\""
  for file in uuid:product_uuid serial:product_serial manufacturer:sys_vendor model:product_name; do
    first_line "$LAB_SYS/class/dmi/id/${file#*:}"
    [[ $file != uuid:* ]] || REPLY=${REPLY,,}
    text_or_null "$REPLY"
    report+=",\"${file%%:*}\":$REPLY"
  done
  REPLY=bios
  [[ ! -d $LAB_SYS/firmware/efi ]] || REPLY=uefi
  report+=",\"boot_mode\":\"$REPLY\""
  text_or_null "$(uname -m)" 32
  report+=",\"arch\":$REPLY"
  cpu_members
  report+=",$REPLY"
  memory_bytes
  number_or_null "$REPLY"
  [[ $REPLY != 0 ]] || REPLY=null
  report+=",\"memory_bytes\":$REPLY"
  nics
  report+=",\"nics\":$REPLY"
  disks
  REPLY="$report,\"disks\":$REPLY}"
}

# REPLY: the body of the answer; false unless it is a 2xx.
ask() {
  REPLY=$(curl -q --silent --fail --noproxy '*' --connect-timeout 5 --max-time 20 "$@" 2>/dev/null </dev/null)
}

# Posts the report until the bastion has it. Waits 1, 2, 4 … 30 s between tries. Sets POLL.
announce() {
  local wait=1
  until ask --header 'Content-Type: application/json' --data-binary "@$LAB_DIR/discovery.json" "$LAB_URL/api/discovery"; do
    hold_on $((wait + RANDOM % 2))
    ((wait >= 30)) || wait=$((wait * 2))
    ((wait <= 30)) || wait=30
  done
  POLL=5
  [[ ! $REPLY =~ \"pollSeconds\"[[:space:]]*:[[:space:]]*([0-9]{1,4}) ]] || POLL=${BASH_REMATCH[1]}
  ((POLL >= 1)) || POLL=1
  ((POLL <= 300)) || POLL=300
}

# Ends when the bastion wants anything else than discovery. After a loss of the bastion the machine announces itself
# again: the bastion may have been set up anew. Once an hour too, for what changed in the machine.
await_orders() {
  local failures=0 wait polls=0
  while :; do
    hold_on "$POLL"
    if ask "$LAB_URL/api/boot/$1"; then
      if ((failures > 0 || ++polls * POLL >= 3600)); then
        failures=0 polls=0
        gather "$1"
        printf '%s\n' "$REPLY" >"$LAB_DIR/discovery.json"
        announce
        continue
      fi
      [[ $REPLY =~ \"action\"[[:space:]]*:[[:space:]]*\"([a-z-]+)\" ]] || continue
      [[ ${BASH_REMATCH[1]} == discover ]] || return 0
    else
      failures=$((failures + 1))
      wait=$((failures * 2))
      ((wait <= 25)) || wait=25
      hold_on "$wait"
    fi
  done
}

discover() {
  local mac
  while :; do
    boot_mac
    mac=$REPLY
    [[ -z $mac ]] || break
    hold_on 5
  done
  gather "$mac"
  printf '%s\n' "$REPLY" >"$LAB_DIR/discovery.json"
  announce
  await_orders "${mac//:/-}"
  while :; do
    lab_restart
    [[ -z ${LAB_REBOOT-} ]] || return 0
    hold_on 20
  done
}

discover
