# shellcheck shell=bash
# %post --nochroot, last: the streamer outside the chroot sends what the installer's logs hold and ends. Never fails, and
# waits a bounded time.
LAB_DIR=${LAB_DIR:-${LAB_TMP:-/tmp}/lab}
{
  : >"$LAB_DIR/stop"
  limit=$((SECONDS + ${LAB_FLUSH_SECONDS:-10}))
  while ((SECONDS < limit)) && [[ -e $LAB_DIR/streamer ]]; do
    lab_pause 0.2 || break
  done
  if [[ -e $LAB_DIR/streamer ]] && read -r pid <"$LAB_DIR/streamer"; then kill "$pid"; fi
  rm -f "$LAB_DIR/token" "$LAB_DIR/curl.conf" "$LAB_DIR/data" "$LAB_DIR/streamer.sh"
} >/dev/null 2>&1 </dev/null
exit 0
