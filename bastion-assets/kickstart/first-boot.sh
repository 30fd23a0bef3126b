# shellcheck shell=bash disable=SC2034,SC2317 # the library above reads the variables; functions are called by name
# lab-first-boot: the installed system reports that it runs, sends what the install could not, and then removes itself
# and the token. Tries for a day; the next boot tries again.
LAB_SECTION=first-boot
LAB_ROOT=${LAB_ROOT-}
LAB_TMP=${LAB_TMP:-/tmp}
LAB_DIR=$LAB_ROOT/var/lib/lab/install
# shellcheck source=/dev/null
. "$LAB_DIR/data" || exit 1
LAB_LOG=$LAB_DIR/first-boot.log
LAB_SEQ_BASE=20000
umask 077

# REPLY: what a command prints, a line a value, as a JSON array.
first_boot_list() {
  _lab_json_lines < <("$@" 2>/dev/null)
}

first_boot_addresses() {
  ip -o addr show scope global | awk '$3 == "inet" || $3 == "inet6" { print $4 }'
}

first_boot_host_keys() {
  local file type key
  for file in "$LAB_ROOT"/etc/ssh/ssh_host_*_key.pub; do
    [[ ! -r $file ]] || { read -r type key _ <"$file" && printf '%s %s\n' "$type" "$key"; }
  done
}

# REPLY: what was asked of the firmware, what it had and what it has, as a JSON object; null where %post didn't come to that.
first_boot_order() {
  local order wanted LAB_BOOT_OUTCOME='' LAB_BOOT_WANTED=''
  # shellcheck source=/dev/null
  . "$LAB_DIR/boot-order" 2>/dev/null
  REPLY=null
  [[ -n $LAB_BOOT_OUTCOME ]] || return 0
  wanted=${LAB_BOOT_WANTED:+"\"${LAB_BOOT_WANTED//,/\",\"}\""}
  order="{\"asked\":\"$LAB_BOOT_ORDER\",\"outcome\":\"$LAB_BOOT_OUTCOME\",\"wanted\":[$wanted]"
  first_boot_list cat "$LAB_DIR/boot-order.before"
  order+=",\"before\":$REPLY"
  first_boot_list boot_order_lines
  REPLY="$order,\"after\":$REPLY}"
}

# REPLY: the facts as a JSON object.
first_boot_facts() {
  local facts PRETTY_NAME=''
  # shellcheck source=/dev/null
  . "$LAB_ROOT/etc/os-release" 2>/dev/null
  _lab_json "$PRETTY_NAME"
  facts="{\"os\":$REPLY"
  _lab_json "$(</proc/sys/kernel/osrelease)"
  facts+=",\"kernel\":$REPLY"
  _lab_json "$(</proc/sys/kernel/hostname)"
  facts+=",\"hostname\":$REPLY"
  first_boot_list first_boot_addresses
  facts+=",\"addresses\":$REPLY"
  first_boot_list first_boot_host_keys
  facts+=",\"host_keys\":$REPLY"
  first_boot_order
  REPLY="$facts,\"boot_order\":$REPLY}"
}

# An address may take a while after network-online; a minute is enough to know.
first_boot_wait_for_address() {
  local limit=$((SECONDS + ${LAB_ADDRESS_SECONDS:-60}))
  while ((SECONDS < limit)) && [[ -z $(first_boot_addresses 2>/dev/null) ]]; do
    lab_pause 1 || return 0
  done
}

first_boot() {
  local limit=$((SECONDS + ${LAB_FIRST_BOOT_SECONDS:-86400}))
  _lab_delivery_init
  _LAB_SOURCES=("post=$LAB_DIR/post.log" "first-boot=$LAB_LOG")
  if [[ ! -e $LAB_DIR/first-boot.reported ]]; then
    _lab_report first-boot started
    first_boot_wait_for_address
    first_boot_facts
    _lab_report first-boot ended '' ",\"facts\":$REPLY"
    : >"$LAB_DIR/first-boot.reported"
  fi
  # The log first: with the report the install is over for the bastion, and so is the token.
  until ((SECONDS >= ${_lab_retry_at:-0})) && { _lab_ship_logs yes; _lab_deliver_spool; }; do
    ((SECONDS < limit)) && [[ -d $LAB_DIR ]] || return 1
    lab_pause 1 || return 1
  done
}

if ! first_boot; then
  echo 'The bastion was not reached; the next boot tries again.' >&2
  exit 1
fi
mkdir -p "$LAB_ROOT/var/log/lab"
cp "$LAB_DIR/post.log" "$LAB_ROOT/var/log/lab/post.log" 2>/dev/null
systemctl disable lab-first-boot.service >/dev/null 2>&1
rm -rf "$LAB_DIR"
rm -f "$LAB_ROOT/etc/systemd/system/lab-first-boot.service" "$LAB_ROOT/usr/local/sbin/lab-first-boot"
# A power cut right after the first boot must not bring the report, or the token, back.
sync
exit 0
