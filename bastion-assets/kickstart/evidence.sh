# shellcheck shell=bash disable=SC2034 # the library reads LAB_SECTION
# What the installer itself says of its end, for failures in which no section of ours had a part.

# REPLY: lines that tell why, in the order of their weight: the newest last. Modules write "LEVEL:logger:message", without
# a time; on Fedora what they say of their tasks, and the output of %post, is only in syslog, where each such line has
# the severity WARNING.
_lab_installer_evidence() {
  REPLY=$(
    {
      tail -n 10 "$LAB_TMP/program.log"
      tail -n 400 "$LAB_TMP/syslog" | grep -E ' (WARNING|ERR|CRIT) (org\.fedoraproject\.Anaconda|anaconda)[^ ]*:(.*:)?(ERROR|CRITICAL|ERR|CRT)[: ]|^[0-9:,]+ (ERR|CRIT) anaconda' | tail -n 10
      for file in storage packaging dnf anaconda; do
        grep -hE '(^| )(CRT|ERR|CRITICAL|ERROR)[: ]|Traceback \(most recent|^[A-Za-z_.]+(Error|Exception)(: |$)|The exact error message is' "$LAB_TMP/$file.log" | tail -n 10
      done
    } 2>/dev/null | tail -n 50
  )
}

# Reports that the installer ended, unless a section has reported already: STAGE MESSAGE.
_lab_installer_failed() {
  local target=${LAB_SYSROOT:-/mnt/sysroot}/var/lib/lab/install folder stage=$1
  LAB_SECTION=onerror
  # Where the chroot's section has begun, it holds the count and the stage.
  for folder in "$LAB_DIR" "$target"; do
    [[ ! -r $folder/stage ]] || read -r stage <"$folder/stage"
    if [[ -r $folder/seq && $folder != "$LAB_DIR" ]]; then
      cp "$folder/seq" "$LAB_DIR/seq"
      rm -f "$LAB_DIR/handed-over"
    fi
  done
  [[ ! -e $LAB_DIR/failed && ! -e $target/failed ]] || return 0
  _lab_installer_evidence
  lab_report_failed "${stage:-pre}" %onerror null '' null "$2" "$REPLY"
}
