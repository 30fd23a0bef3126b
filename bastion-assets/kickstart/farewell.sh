# shellcheck shell=bash
# %post --nochroot, last: the streamer outside the chroot sends what the installer's logs hold and ends. Never fails, and
# waits a bounded time.
LAB_DIR=${LAB_DIR:-${LAB_TMP:-/tmp}/lab}
{
  : >"$LAB_DIR/stop"
  for ((i = 0; i < ${LAB_FLUSH_SECONDS:-10} * 5; i++)); do
    [[ -e $LAB_DIR/streamer ]] || break
    sleep 0.2 || sleep 1
  done
  if [[ -e $LAB_DIR/streamer ]] && read -r pid <"$LAB_DIR/streamer"; then kill "$pid"; fi
  rm -f "$LAB_DIR/token" "$LAB_DIR/curl.conf" "$LAB_DIR/data"
} >/dev/null 2>&1 </dev/null
exit 0
