#!/bin/bash
# The installed system's files, package by package (WORK/files), and what maintainer scripts would have made (WORK/extra).
#   build-root.sh TREE WORK HERE KERNEL
set -euo pipefail
export LC_ALL=C
tree=$1 work=$2 here=$3 kernel=$4
root=$tree/root
extra=$work/extra

# What no test looks at, and what a package needed only to configure itself.
skip_packages='^(perl.*|libperl.*|.*-perl|python3.*|libpython3.*|initramfs-tools.*|klibc-utils|libklibc|usrmerge|debconf|ucf|linux-.*|cpio|busybox-static|media-types|libicu.*|libsqlite3-.*|gcc-.*|libdb5.*|adduser|lsb-base|readline-common|sensible-utils|runit-helper|dpkg|sysvinit-utils|libfreetype.*|libpng.*|libfuse.*|gettext-base|os-prober)$'
skip_files='^\./usr/share/(doc|man|info|locale|lintian|bash-completion|zsh|bug|i18n|grub|perl|python|gcc|menu|apport|polkit-1|initramfs-tools)(/|$)|^\./usr/share/zoneinfo/(right|posix|Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Indian|Mexico|Pacific|US)(/|$)|/gconv(/|$)|^\./usr/lib/udev/hwdb\.d/|^\./usr/include|^\./usr/share/openssh/|^\./etc/(init\.d|rc.\.d|cron.*|logrotate\.d)(/|$)|^\./usr/lib/udev/rules\.d/(50-firmware|60-(autosuspend|drm|evdev|fido-id|infiniband|input-id|persistent-(alsa|input|storage-tape|v4l)|sensor)|70-.*|71-.*|73-seat.*|75-probe_mtd|78-.*|8[15]-.*|96-.*)\.rules$|^\./usr/lib/systemd/system-generators/(systemd-(bless|cryptsetup|debug|gpt|hibernate|integrity|rc-local|run|system-update|sysv|verity).*|lvm2.*)$|^\./\.?$'

# files/NAME: what a Debian package ships into the installed system, as the names lie in the tree.
mkdir -p "$work/files"
: >"$work/debian-packages.txt"
while read -r name version; do
  [[ ! $name =~ $skip_packages ]] || continue
  sed -E 's#^\./(bin|sbin|lib|lib32|lib64|libx32)/#./usr/\1/#; s#/$##' "$tree/files/$name" |
    grep -Ev "$skip_files" | grep -Ev '^\./(bin|sbin|lib|lib32|lib64|libx32)$' >"$work/files/$name" || true
  printf '%s %s\n' "$name" "$version" >>"$work/debian-packages.txt"
done <"$tree/packages.txt"

# --- what maintainer scripts make ---------------------------------------------------------------------------------
mkdir -p "$extra"/usr/local/{bin,sbin,lib,share} "$extra"/{opt,srv,home,media,etc/sudoers.d}
mkdir -p "$extra"/{etc/ssh,etc/pam.d,etc/systemd/network,etc/systemd/system/multi-user.target.wants,etc/systemd/system/network-online.target.wants,etc/systemd/system/sysinit.target.wants,usr/lib/systemd/system,usr/bin,usr/sbin,root,boot,mnt,tmp,var/log,var/tmp}
chmod 700 "$extra/root"
chmod 1777 "$extra/tmp" "$extra/var/tmp"
units=$extra/etc/systemd/system
cp "$root/usr/share/base-passwd/passwd.master" "$extra/etc/passwd"
cp "$root/usr/share/base-passwd/group.master" "$extra/etc/group"
cat >>"$extra/etc/passwd" <<'P'
systemd-network:x:998:998:systemd Network Management:/:/usr/sbin/nologin
sshd:x:997:65534::/run/sshd:/usr/sbin/nologin
P
printf 'systemd-network:x:998:\nsystemd-journal:x:996:\nrender:x:105:\nkvm:x:106:\nsgx:x:107:\ninput:x:108:\nutmp:x:43:\nwheel:x:10:\n' | while IFS= read -r line; do
  grep -q "^${line%%:*}:" "$extra/etc/group" || printf '%s\n' "$line" >>"$extra/etc/group"
done
sed -i 's/^root:\*:/root:x:/; s#^\(root:.*\):[^:]*$#\1:/bin/bash#' "$extra/etc/passwd"
sed -i -E 's/^([^:]+):\*:/\1:x:/' "$extra/etc/passwd"
awk -F: '{print $1 ":*:19000:0:99999:7:::"}' "$extra/etc/passwd" >"$extra/etc/shadow"
awk -F: '{print $1 ":*::"}' "$extra/etc/group" >"$extra/etc/gshadow"
chmod 600 "$extra/etc/shadow" "$extra/etc/gshadow"
for stack in auth account password session; do printf '%s required pam_unix.so\n' "$stack" >"$extra/etc/pam.d/common-$stack"; done
cp "$extra/etc/pam.d/common-session" "$extra/etc/pam.d/common-session-noninteractive"
printf "passwd: files systemd\ngroup: files systemd\nshadow: files\nhosts: files myhostname dns\n" >"$extra/etc/nsswitch.conf"
printf 'localhost\n' >"$extra/etc/hostname"
printf '127.0.0.1 localhost\n' >"$extra/etc/hosts"
: >"$extra/etc/machine-id"
: >"$extra/etc/resolv.conf"
ln -s bash "$extra/usr/bin/sh"
ln -s gawk "$extra/usr/bin/awk"
ln -s grub-install "$extra/usr/sbin/grub2-install" # Fedora's name
ln -sf which.debianutils "$extra/usr/bin/which"
cp "$here/installed/any.network" "$extra/etc/systemd/network/80-any.network"

# sshd as on Fedora: that name, one kind of key made at the first boot, no passwords.
cat >"$extra/etc/ssh/sshd_config" <<'S'
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
UsePAM no
Subsystem sftp /usr/lib/openssh/sftp-server
S
cat >"$extra/usr/lib/systemd/system/sshd.service" <<'S'
[Unit]
Description=OpenSSH server
After=network.target

[Service]
RuntimeDirectory=sshd
ExecStartPre=/bin/sh -c 'test -e /etc/ssh/ssh_host_ed25519_key || ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key'
ExecStart=/usr/sbin/sshd -D
ExecReload=/bin/kill -HUP $MAINPID

[Install]
WantedBy=multi-user.target
S

# udev looks at what can be a disk, a NIC or a console; all devices at once cost four seconds.
mkdir -p "$units/systemd-udev-trigger.service.d"
cat >"$units/systemd-udev-trigger.service.d/lab.conf" <<'S'
[Service]
ExecStart=
ExecStart=-udevadm trigger --action=add --subsystem-match=block --subsystem-match=net --subsystem-match=virtio --subsystem-match=pci
ExecStart=-udevadm trigger --action=add --sysname-match=ttyS0
S
# Only what a server of ours needs at its start: under emulation each unit costs tenths of a second.
ln -s /usr/lib/systemd/system/multi-user.target "$units/default.target"
ln -s /usr/lib/systemd/system/sshd.service "$units/multi-user.target.wants/sshd.service"
ln -s /usr/lib/systemd/system/systemd-networkd.service "$units/multi-user.target.wants/systemd-networkd.service"
ln -s /usr/lib/systemd/system/systemd-networkd-wait-online.service "$units/network-online.target.wants/systemd-networkd-wait-online.service"
for unit in systemd-hwdb-update systemd-journal-catalog-update systemd-update-utmp systemd-update-utmp-runlevel systemd-update-done \
  systemd-pstore systemd-firstboot systemd-machine-id-commit systemd-binfmt proc-sys-fs-binfmt_misc.automount dev-hugepages.mount \
  dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount kmod-static-nodes systemd-network-generator lvm2-monitor lvm2-lvmpolld.socket \
  dm-event.socket e2scrub_all.timer e2scrub_reap fstrim.timer dpkg-db-backup.timer apt-daily.timer systemd-tmpfiles-clean.timer ssh \
  systemd-random-seed systemd-sysusers systemd-tmpfiles-setup-dev systemd-backlight@ systemd-rfkill.socket modprobe@ getty-static getty@ man-db.timer blk-availability; do
  [[ $unit == *.* ]] || unit=$unit.service
  ln -s /dev/null "$units/$unit"
done
cat >"$extra/etc/os-release.lab" <<O
A test system made from Debian packages, kernel $kernel, standing in for what a kickstart installs.
O
