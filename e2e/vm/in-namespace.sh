#!/bin/bash
# Runs a command, and all that it starts, in a network (and process) namespace of its own:
#   in-namespace.sh COMMAND ARGUMENT…
# Bridges, taps, DHCP servers and virtual machines of a test then touch nothing of this machine, two runs never meet,
# and when the command ends, however, the kernel ends everything that it left behind. As root it uses root; else a
# user namespace, where the kernel allows one.
set -euo pipefail

if [[ ${LAB_NAMESPACE:-} == inside ]]; then
  ip link set lo up
  # Else the host's firewall rules may eat bridged DHCP without a word. The file is there once the bridge module is.
  if [[ -w /proc/sys/net/bridge/bridge-nf-call-iptables ]]; then echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables; fi
  "$@" &
  child=$!
  # This shell is PID 1 of the namespace: it hands signals on, waits for the command, and its end ends all the rest.
  trap 'kill -TERM "$child" 2>/dev/null' TERM
  trap 'kill -INT "$child" 2>/dev/null' INT
  code=0
  wait "$child" || code=$?
  # A trapped signal ends `wait` early, once.
  if ((code > 128)) && kill -0 "$child" 2>/dev/null; then code=0 && { wait "$child" || code=$?; }; fi
  exit "$code"
fi

missing=()
for program in unshare ip; do command -v "$program" >/dev/null || missing+=("$program"); done
if [[ ${#missing[@]} -gt 0 ]]; then
  echo "error: ${missing[*]} not found" >&2
  echo "hint: Run: sudo apt-get install -y util-linux iproute2" >&2
  exit 69
fi
options=(--net --mount --pid --fork --kill-child --mount-proc)
[[ $(id -u) == 0 ]] || options+=(--user --map-root-user)
if ! reason=$(unshare "${options[@]}" true 2>&1); then
  echo "error: no network namespace can be made here: $reason" >&2
  if [[ $(id -u) == 0 ]]; then
    echo "hint: This looks like a container without CAP_SYS_ADMIN: start it with --privileged, or use a virtual machine." >&2
  else
    echo "hint: Run as root, or: sudo sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0" >&2
  fi
  exit 69
fi
export LAB_NAMESPACE=inside
# unshare takes no TERM and no INT while it waits (util-linux sys-utils/unshare.c): the shell inside is told. With job control,
# for what a shell starts in the background otherwise ignores INT.
set -m
unshare "${options[@]}" "$0" "$@" &
unshare=$!
# shellcheck disable=SC2064
trap "kill -TERM \$(<'/proc/$unshare/task/$unshare/children') 2>/dev/null" TERM INT HUP
code=0
while kill -0 "$unshare" 2>/dev/null; do
  wait "$unshare" && code=0 || code=$?
done
exit "$code"
