# shellcheck shell=bash
# The packages: dnf's own library, from the second stage's image, in the order of Anaconda's payload (media/payload.py).

STAGE2=${STAGE2:-/run/rootfsbase}
PAYLOAD=${PAYLOAD:-$LIBEXEC}

install_packages() {
  local source='' repositories=() arguments=() code=0 line
  # shellcheck disable=SC2317,SC2329 # called through each_command
  read_url() { source=$(option url); }
  # shellcheck disable=SC2317,SC2329
  read_repo() { [[ -z $(option baseurl) ]] || repositories+=(--repo "$(option name)=$(option baseurl)"); }
  each_command read_url url
  each_command read_repo repo
  [[ -n $source ]] || source=$(argument inst.repo)
  [[ -n $source ]] || fatal "No usable package source: the kickstart has no url command and there is no inst.repo"
  mount_stage2
  choose_packages
  require_packages
  for line in "${REQUIRED_PACKAGES[@]}"; do arguments+=(--requirement "$line"); done
  rm -f "$WORK/payload-error"
  # What it prints is what a person sees; what else it has to say is in the logs.
  set +e
  TIME_SCALE=$(time_scale) "$PAYLOAD/tools.sh" "$STAGE2" python3 "$PAYLOAD/payload.py" --family "$FAMILY" --url "$source" --root "$SYSROOT" --logs "$LOG_DIR" \
    --cache "$LOG_DIR" --error "$WORK/payload-error" "${CHOSEN[@]}" "${repositories[@]}" "${arguments[@]}" 2>"$WORK/payload-stderr" </dev/null |
    while IFS= read -r line; do say "$line"; done
  code=${PIPESTATUS[0]}
  set -e
  [[ $code == 0 ]] || payload_failed "$code"
}

# payload_failed CODE: 1 = the source can't be set up, 2 = the installation failed; anything else is a fault of ours.
payload_failed() {
  local message
  [[ -s $WORK/payload-error ]] || fatal "The payload ended with $1: $(tail -n 3 "$WORK/payload-stderr")"
  message=$(<"$WORK/payload-error")
  if [[ $1 == 1 && $FAMILY == el10 ]]; then
    message=$'The following error occurred while setting up the payload. This is a fatal error and installation will be aborted.\n\n'$message
  fi
  fatal "$message"
}

# What the first stage fetches before the kickstart, if it did.
mount_stage2() {
  local image=/run/install/install.img url
  [[ ! -x $STAGE2/usr/bin/python3 ]] || return 0
  if [[ ! -s $image ]]; then
    url=$(argument inst.stage2)
    [[ -n $url ]] || url=$(argument inst.repo)
    curl --fail --silent --show-error --location --retry 3 -o "$image" "${url%/}/images/install.img" 2>"$WORK/curl-error" ||
      fatal "anaconda: failed to fetch stage2 from $url: $(<"$WORK/curl-error")"
  fi
  mkdir -p "$STAGE2"
  modprobe -a loop squashfs
  mount -t squashfs -o loop,ro "$image" "$STAGE2"
}

# What Anaconda adds by itself for the boot loader and for the file systems that were made (blivet's packages).
# REQUIRED_PACKAGES, by the firmware.
require_packages() {
  REQUIRED_PACKAGES=(grub2-tools lvm2 xfsprogs e2fsprogs)
  if is_uefi; then REQUIRED_PACKAGES+=(efibootmgr grub2-efi-x64 shim-x64 dosfstools); else REQUIRED_PACKAGES+=(grub2-pc); fi
}

# choose_packages: the lines of %packages, as arguments, into CHOSEN. @core comes along unless --nocore.
choose_packages() {
  local file line options=''
  CHOSEN=()
  for file in "$WORK"/sections/*.type; do
    [[ -e $file && $(<"$file") == packages ]] || continue
    options+=" $(tr '\n' ' ' <"${file%.type}.options")"
    while IFS= read -r line; do
      line=${line%%#*} line=${line//[[:space:]]/}
      case $line in
        '') ;;
        -*) CHOSEN+=(--exclude "${line#-}") ;;
        *) CHOSEN+=(--install "$line") ;;
      esac
    done <"${file%.type}.body"
  done
  [[ $options == *--nocore* ]] || CHOSEN=(--install @core "${CHOSEN[@]}")
  [[ $options != *--ignoremissing* ]] || CHOSEN+=(--ignore-missing)
}
