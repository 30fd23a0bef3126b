# shellcheck shell=bash
# The packages: one archive of a root file system, in which an empty member "./.package/NAME" goes before the files of
# each package. So the log can tell package by package what is being installed, as dnf's transaction does.

install_packages() {
  local source='' line name number=0 total status
  # shellcheck disable=SC2317,SC2329 # called through each_command
  read_url() { source=$(option url); }
  each_command read_url url
  [[ -n $source ]] || source=$(boot_argument inst.repo)
  [[ -n $source ]] || fatal "No usable package source: the kickstart has no url command and there is no inst.repo"
  log_packaging INF "Configured the base repository with $source"
  curl --fail --silent --show-error --location --connect-timeout 10 --max-time 60 -o "$WORK/packages.txt" "${source%/}/packages.txt" 2>"$WORK/curl-error" ||
    fatal "Failed to set up the base repository: $(<"$WORK/curl-error")"
  choose_packages
  total=$(wc -l <"$WORK/packages.txt")
  log_packaging DBG "Downloading packages."
  say "Downloading $total RPMs"
  log_packaging DBG "Starting the installation. Total packages: $total"
  set +e
  curl --fail --silent --show-error --location --connect-timeout 10 --max-time 300 "${source%/}/root.tar" 2>"$WORK/curl-error" |
    tar -x -v --keep-directory-symlink --numeric-owner -C "$SYSROOT" -f - 2>&1 |
    # bash reads a pipe byte by byte: thousands of names would cost it seconds
    grep --line-buffered -E '^(\./\.package/.|tar:)' |
    while IFS= read -r line; do
      case $line in
        ./.package/?*)
          name=${line##*/} number=$((number + 1))
          log_packaging DBG "Installing - $name"
          log_packaging INF "Installing $name.x86_64 ($number/$total)"
          ;;
        tar:*) log_packaging ERR "$line" ;;
      esac
    done
  status=("${PIPESTATUS[@]}")
  set -e
  [[ ${status[0]} == 0 ]] || fatal "Failed to download the packages: $(<"$WORK/curl-error")"
  [[ ${status[1]} == 0 ]] || fatal "An error occurred during the transaction: unpacking failed, see packaging.log"
  rm -rf "$SYSROOT/.package"
  log_packaging DBG "Done - True"
  log_packaging INF "Performing post-installation setup tasks"
}

# Every name in %packages must be in the repository or be one that Fedora has for what is there, or dnf refuses.
choose_packages() {
  local file line options='' missing=()
  for file in "$WORK"/sections/*.type; do
    [[ -e $file && $(<"$file") == packages ]] || continue
    options+=" $(tr '\n' ' ' <"${file%.type}.options")"
    while IFS= read -r line; do
      line=${line%%#*} line=${line//[[:space:]]/}
      [[ -n $line && $line != -* ]] || continue
      log_packaging INF "selected: $line"
      [[ $line == @* ]] || grep -qxF -e "$line" "$LIBEXEC/fedora-names.txt" || awk '{print $1}' "$WORK/packages.txt" | grep -qxF -e "$line" || missing+=("$line")
    done <"${file%.type}.body"
  done
  [[ ${#missing[@]} == 0 || $options == *--ignoremissing* ]] || fatal "The following packages are missing: ${missing[*]}"
}
