# shellcheck shell=bash
# What dracut and Anaconda's hooks do from the network to the kickstart: dracut-ng 107 (Fedora 43, EL 10), 110 (Fedora 44),
# 057 (EL 9); anaconda dracut/*.sh. The second stage comes before the kickstart, no request has a time-out, what fails is
# asked again in the next loop, and who gives up says so for a while.

HOOKS=/lib/dracut/hooks
[[ $(argument lab.release) != 44 ]] || HOOKS=/var/lib/dracut/hooks
ERRORS=/run/anaconda/initrd_errors.txt # which the second stage shows again
export CURL_HOME=/run/initramfs/url-lib

journal() {
  local up
  read -r up _ </proc/uptime
  printf '[%12s] dracut-initqueue[%d]: %s\n' "${up}0000" "$$" "$1"
}
info() { journal "$1"; }
warn() { journal "Warning: $1"; }
# anaconda-lib.sh warn_critical
warn_critical() {
  warn "$1"
  printf '%s\n' "$1" >>"$ERRORS"
}

# fetch_url URL FILE: url-lib.sh's curl_fetch_url. Nothing limits its time. What curl says goes to standard error.
fetch_url() {
  curl --globoff --location --retry 3 --retry-connrefused --fail --show-error --silent --output "$2" -- "$1"
}
# As in the journal.
fetch_aloud() {
  local line
  fetch_url "$1" "$2" 2>/tmp/fetch_err && return 0
  while IFS= read -r line; do journal "$line"; done </tmp/fetch_err
  return 1
}

# Headers of every request: parse-anaconda-options.sh, and anaconda-ks-sendheaders.sh.
set_headers() {
  local nic count=0
  {
    printf 'header = "X-Anaconda-Architecture: %s"\n' "$(uname -m)"
    printf 'header = "X-Anaconda-System-Release: %s"\n' "$(product_name)"
    if [[ -n $(argument inst.ks.sendmac) ]]; then
      for nic in /sys/class/net/*; do
        [[ -e $nic/device ]] || continue
        printf 'header = "X-RHN-Provisioning-MAC-%s: %s %s"\n' "$count" "${nic##*/}" "$(<"$nic/address")"
        count=$((count + 1))
      done
    fi
    if [[ -n $(argument inst.ks.sendsn) && -r /sys/class/dmi/id/product_serial ]]; then
      printf 'header = "X-System-Serial-Number: %s"\n' "$(</sys/class/dmi/id/product_serial)"
    fi
  } >"$CURL_HOME/.curlrc"
}

product_name() {
  case $(family) in el9 | el10) printf AlmaLinux ;; *) printf Fedora ;; esac
}

# The NIC that booted: BOOTIF=01-aa-bb-…, else the first one.
boot_nic() {
  local wanted nic
  wanted=$(argument BOOTIF)
  wanted=${wanted#01-}
  wanted=${wanted//-/:}
  for nic in /sys/class/net/*; do
    [[ -e $nic/device ]] || continue
    [[ -z $wanted || $(<"$nic/address") == "${wanted,,}" ]] && printf '%s' "${nic##*/}" && return 0
  done
  return 1
}

# NetworkManager's 45 s for DHCP. Without an address the hooks that want one never run. `ip=` with an address
# (dracut.cmdline(7): client, peer, gateway, netmask, name, interface, method) is that of the NIC that BOOTIF names
# (NetworkManager nmi-cmdline-reader).
set_up_network() {
  local nic each given client peer gateway netmask name device method
  nic=$(boot_nic) || return 1
  for each in /sys/class/net/*; do [[ ! -e $each/device ]] || ip link set "${each##*/}" up; done
  given=$(argument ip)
  if [[ $given == *:* ]]; then
    IFS=: read -r client peer gateway netmask name device method <<<"$given"
    [[ $client =~ ^[0-9.]+$ && $netmask =~ ^[0-9.]+$ && -z $peer$name$device && $method == none ]] || return 1
    ip addr add "$client/$netmask" dev "$nic" || return 1
    [[ -z $gateway ]] || ip route add default via "$gateway" || return 1
    [[ -z $(argument nameserver) ]] || printf 'nameserver %s\n' "$(argument nameserver)" >"${RESOLV_CONF:-/etc/resolv.conf}"
    return 0
  fi
  [[ -z $given || $given == dhcp ]] || return 1
  "$LIBEXEC/busybox" udhcpc -q -f -n -t 20 -T 1 -i "$nic" -s "$LIBEXEC/udhcpc.sh" >/tmp/udhcpc.log 2>&1
}

kickstart_done() { [[ -e /tmp/ks.cfg.done || -z $(argument inst.ks) ]]; }
root_done() { [[ -e /run/rootfsbase/usr ]]; }
finished() { kickstart_done && root_done; }

# anaconda-netroot.sh, anaconda-lib.sh anaconda_net_root. The guard is the root's device, so an image that is no file
# system is loaded again in every loop.
fetch_root() {
  local repo stage2=''
  root_done && return 0
  repo=$(argument inst.stage2)
  [[ -n $repo ]] || repo=$(argument inst.repo)
  [[ -n $repo ]] || return 0
  info "anaconda: stage2 locations are: $repo"
  info "anaconda: fetching stage2 from $repo"
  repo=${repo%/}
  if fetch_url "$repo/.treeinfo" /tmp/treeinfo 2>/tmp/treeinfo_err; then
    stage2=$(sed -n '/^\[stage2\]/,/^\[/s/^mainimage *= *//p' /tmp/treeinfo | head -n 1)
  fi
  if [[ -z $stage2 ]]; then
    warn "can't find installer main image path in .treeinfo"
    stage2=images/install.img
  fi
  if fetch_aloud "$repo/$stage2" /run/install/install.img || fetch_aloud "$repo/LiveOS/squashfs.img" /run/install/install.img; then
    info "anaconda: successfully fetched stage2 from $repo"
    fetch_url "$repo/images/updates.img" /tmp/updates.img 2>/tmp/updates_err
    fetch_url "$repo/images/product.img" /tmp/product.img 2>/tmp/product_err
    mkdir -p /run/rootfsbase
    mount -t squashfs -o loop,ro /run/install/install.img /run/rootfsbase 2>/dev/null || warn "Failed to find a root filesystem in /run/install/install.img."
    return 0
  fi
  warn_critical "anaconda: failed to fetch stage2 from $repo"
}

# fetch-kickstart-net.sh: with inst.ks.sendmac a job of its own, which runs after the hooks above.
fetch_kickstart() {
  local url
  url=$(argument inst.ks)
  kickstart_done && return 0
  info "anaconda: kickstart locations are: $url"
  info "anaconda: fetching kickstart from $url"
  if fetch_aloud "$url" /tmp/ks.cfg; then
    info "anaconda: successfully fetched kickstart from $url"
    cp /tmp/ks.cfg /run/install/ks.cfg
    : >/tmp/ks.cfg.done
  else
    warn_critical "anaconda: failed to fetch kickstart from $url"
  fi
}

# anaconda-error-reporting.sh
report_errors() {
  local line
  warn "############# Anaconda installer errors begin #############"
  warn "#                                                         #"
  warn "It seems that the boot has failed. Possible causes include "
  warn "missing inst.stage2 or inst.repo boot parameters on the "
  warn "kernel cmdline. Please verify that you have specified "
  warn "inst.stage2 or inst.repo."
  warn "Please also note that the 'inst.' prefix is now mandatory."
  warn "#                                                         #"
  warn "####     Installer errors encountered during boot:     ####"
  warn "#                                                         #"
  if [[ -e $ERRORS ]]; then
    while read -r line; do warn "$line"; done <"$ERRORS"
  else
    warn "Reason unknown"
  fi
  warn "#                                                         #"
  warn "############# Anaconda installer errors end ###############"
  pause 1
}

# dracut-lib.sh emergency_shell, dracut-emergency.sh.
emergency_shell() {
  local action
  printf '\n\n'
  warn "$1"
  echo
  action=$(argument rd.emergency)
  case $(argument rd.shell) in
    0 | no | off)
      warn 'Boot has failed. To debug this issue add "rd.shell rd.debug" to the kernel command line.'
      case ${action:-poweroff} in
        reboot) systemctl reboot ;;
        halt) stop "System halted." ;;
        *) systemctl poweroff ;;
      esac
      ;;
  esac
  printf '\nGenerating "/run/initramfs/rdsosreport.txt"\n\n\nEntering emergency mode. Exit the shell to continue.\nType "journalctl" to view system logs.\n'
  printf 'You might want to save "/run/initramfs/rdsosreport.txt" to a USB stick or /boot\nafter mounting them and attach it to a bug report.\n\n\n'
  stop 'dracut:/# '
}

# dracut-initqueue.sh. A loop is half a second and what the hooks take; rd.retry=180 makes 360 of them, the time-out
# scripts run from two thirds on.
first_stage() {
  local loop=0 loops online=no
  loops=$(argument rd.retry)
  loops=$((${loops:-180} * 2 / $(time_scale)))
  set_headers
  set_up_network && online=yes
  until finished; do
    if [[ $online == yes ]]; then
      fetch_root
      finished || fetch_kickstart
      ! finished || break
    fi
    sleep 0.5
    if ((loop > 2 * loops / 3)); then
      warn "dracut-initqueue: timeout, still waiting for following initqueue hooks:"
      kickstart_done || warn "$HOOKS/initqueue/finished/kickstart.sh: \"[ -e /tmp/ks.cfg.done ]\""
      root_done || warn "$HOOKS/initqueue/finished/devexists-\\x2fdev\\x2froot.sh: \"[ -e \"/dev/root\" ]\""
      warn "dracut-initqueue: starting timeout scripts"
      report_errors
    fi
    loop=$((loop + 1))
    ((loop <= loops)) || emergency_shell "Could not boot."
  done
  unset CURL_HOME
}
