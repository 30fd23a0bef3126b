#!/bin/bash
# Runs a command as an ordinary user on a machine that has nothing: in a copy of a bare root, with the network and the
# processors of this machine and nothing else of it.
#   in-bare-root.sh ROOT FOLDER COMMAND ARGUMENT…
# FOLDER holds what the machine is given (it is its /home/ann, and what the command leaves there stays); what is
# written elsewhere is gone afterwards. When the command ends, however, the kernel ends all that it started.
set -euo pipefail

if [[ ${1:-} != --inside ]]; then
  exec unshare --mount --pid --fork --kill-child "$0" --inside "$@"
fi
root=$2 home=$3
shift 3

# The root becomes the root of the mount namespace: in a mere chroot the kernel refuses user namespaces.
layers=/mnt
mount -t tmpfs -o mode=755 bare "$layers"
mkdir "$layers"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=$root,upperdir=$layers/upper,workdir=$layers/work" "$layers/root"
new=$layers/root
mount --bind "$home" "$new/home/ann"
mount -t proc proc "$new/proc"
mount --rbind /sys "$new/sys"
mount -t tmpfs -o mode=755 dev "$new/dev"
for device in null zero full random urandom tty; do
  touch "$new/dev/$device"
  mount --bind "/dev/$device" "$new/dev/$device"
done
mkdir "$new/dev/pts" "$new/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$new/dev/pts"
mount -t tmpfs -o mode=1777 shm "$new/dev/shm"
ln -s pts/ptmx "$new/dev/ptmx"
ln -s /proc/self/fd "$new/dev/fd"
for number in 0 1 2; do ln -s "/proc/self/fd/$number" "$new/dev/$(echo stdin stdout stderr | cut -d' ' -f$((number + 1)))"; done
cp --dereference /etc/resolv.conf "$new/etc/resolv.conf"

# What somebody behind such a network has set up: the certificates it is to be trusted by, and its proxy.
environment=(HOME=/home/ann USER=ann LOGNAME=ann PATH=/usr/local/bin:/usr/bin:/bin TERM="${TERM:-dumb}")
certificates=${NODE_EXTRA_CA_CERTS:-}
if [[ -n $certificates ]]; then
  mkdir -p "$new/etc/ssl/certs"
  cp "$certificates" "$new/etc/ssl/certs/site.pem"
  environment+=(NODE_EXTRA_CA_CERTS=/etc/ssl/certs/site.pem npm_config_cafile=/etc/ssl/certs/site.pem)
fi
for name in CI CHECKPOINT_DISABLE http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  if [[ -n ${!name:-} ]]; then environment+=("$name=${!name}"); fi
done

mkdir "$new/old-root"
pivot_root "$new" "$new/old-root"
cd /
umount -l /old-root
rmdir /old-root
exec setpriv --reuid ann --regid ann --init-groups --no-new-privs --inh-caps=-all --bounding-set=-all \
  env -i "${environment[@]}" bash -c 'cd && exec "$@"' bare "$@"
