# shellcheck shell=bash
# %onerror: the installer's own fatal errors. A section that died has reported already; then this says nothing.
# shellcheck disable=SC2034 # the library reads LAB_LOG
{
  _lab_delivery_init
  LAB_LOG=$LAB_DIR/onerror.log
  target=${LAB_SYSROOT:-/mnt/sysroot}/var/lib/lab/install
  failed_stage=
  # Where the chroot's section has begun, it holds the count and the stage.
  for folder in "$LAB_DIR" "$target"; do
    [[ ! -r $folder/stage ]] || read -r failed_stage <"$folder/stage"
    if [[ -r $folder/seq && $folder != "$LAB_DIR" ]]; then
      cp "$folder/seq" "$LAB_DIR/seq"
      rm -f "$LAB_DIR/handed-over"
    fi
  done
  if [[ ! -e $LAB_DIR/failed && ! -e $target/failed ]]; then
    evidence=$(
      grep -hE 'CRT|ERR|[Ee]rror|Traceback|failed' "$LAB_TMP/anaconda.log" "$LAB_TMP/storage.log" "$LAB_TMP/packaging.log" | tail -n 20
      tail -n 10 "$LAB_TMP/program.log"
    )
    lab_report_failed "${failed_stage:-pre}" %onerror null '' null 'The installer stopped with an error of its own.' "$evidence"
  fi
  _lab_flush "${LAB_FLUSH_SECONDS:-10}"
} >/dev/null 2>&1 </dev/null
exit 0
