#!/bin/bash
# The installed system as RPM packages, by the real rpmbuild: one spec file, a subpackage for each line of packages.txt.
#   build-packages.sh TREE TOOLS WORK HERE KERNEL
# Reads WORK/files (build-root.sh) and WORK/extra; writes WORK/packages/*.rpm and WORK/catalog (NAME REPOSITORY GROUP).
set -euo pipefail
export LC_ALL=C
tree=$1 tools=$2 work=$3 here=$4 kernel=$5
root=$tree/root extra=$work/extra buildroot=$work/buildroot lists=$work/lists
mkdir -p "$lists" "$buildroot" "$work/packages"

# --- which package a Debian package's files go into ---------------------------------------------------------------
declare -A repository=() group=() requires=() version=() namesake=()
names=() patterns=()
while read -r name where with globs; do
  [[ -n $name && $name != '#'* ]] || continue
  names+=("$name") repository[$name]=$where group[$name]=$with version[$name]=1
  [[ $globs == none ]] || for glob in $globs; do patterns+=("$name $glob"); done
  namesake[$name]=${globs%% *}
done < <(set -f && cat "$here/packages.txt")
while read -r name needs; do [[ -z $name || $name == '#'* ]] || requires[$name]=$needs; done <"$here/requires.txt"

# package_of DEBIAN-NAME → PACKAGE
package_of() {
  local entry
  for entry in "${patterns[@]}"; do
    # shellcheck disable=SC2053 # the right side is a pattern
    if [[ $1 == ${entry#* } ]]; then PACKAGE=${entry%% *} && return 0; fi
  done
  PACKAGE=$1
  if [[ ! -v repository[$1] ]]; then names+=("$1") repository[$1]=BaseOS group[$1]=core version[$1]=1; fi
}

: >"$work/owners"
while read -r debian release; do
  package_of "$debian"
  release=${release#*:}
  # The first that is named for a package tells its version; a dash is rpm's own separator.
  # shellcheck disable=SC2053 # the right side is a pattern
  if [[ $debian == ${namesake[$PACKAGE]:-$debian} ]]; then version[$PACKAGE]=${release//-/.}; fi
  # tar's listing has a backslash twice.
  sed "s|^\.|$PACKAGE |; s|\\\\\\\\|\\\\|g" "$work/files/$debian" >>"$work/owners"
done <"$work/debian-packages.txt"

# --- what maintainer scripts make, the kernel, and the folders -----------------------------------------------------
# What is there by hand comes first: it takes the place of what a package ships.
(cd "$extra" && find . -mindepth 1 | sort) | sed 's|^\.||' | awk '
  /^\/boot/ { print "kernel-core", $0; next }
  /^\/usr\/lib\/modules.*\/(x_tables|xt_[^\/]*|ip6?_tables|ip6?table_[^\/]*)\.ko/ { print "kernel-modules-extra", $0; next }
  /^\/usr\/lib\/modules/ { print "kernel-modules", $0; next }
  /^\/etc\/ssh|sshd\.service$/ { print "openssh-server", $0; next }
  /^\/(etc|usr\/lib)\/systemd/ { print "systemd", $0; next }
  /^\/etc\/(passwd|shadow|group|gshadow|hosts)$/ { print "setup", $0; next }
  /^\/etc\/pam\.d/ { print "pam", $0; next }
  /^\/usr\/bin\/sh$/ { print "bash", $0; next }
  /^\/usr\/bin\/awk$/ { print "gawk", $0; next }
  /^\/usr\/sbin\/grub2-install$/ { print "grub2-tools", $0; next }
  { print "filesystem", $0 }' >"$work/owners.extra"

cut -d' ' -f2- "$work/owners" | sed 's|^|.|' | tar -c -C "$root" --no-recursion --no-unquote -T - | tar -x -C "$buildroot"
tar -c -C "$extra" . | tar -x -C "$buildroot"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$buildroot/$name" && printf 'filesystem /%s\n' "$name" >>"$work/owners.extra"; done

# The folder that a mount covers while packages are installed is left alone, as Fedora's `filesystem` leaves it.
cat "$work/owners.extra" "$work/owners" | awk '
  { path = substr($0, index($0, " ") + 1) }
  path == "" || seen[path]++ || path ~ /^\/(proc|sys|dev|run|\.)$/ { next }
  { print }' >"$work/owned"
# rpm takes names of files for patterns, and can't escape: `[` is a program, and units have a `\` in their names.
while read -r name path; do
  pattern=${path//[/[[]}
  pattern=${pattern//\\/?}
  if [[ -d $buildroot$path && ! -L $buildroot$path ]]; then
    printf '%%dir "%s"\n' "$pattern" >>"$lists/filesystem"
  else
    printf '"%s"\n' "$pattern" >>"$lists/$name"
  fi
done <"$work/owned"

# --- the spec file ------------------------------------------------------------------------------------------------
spec=$work/lab.spec
{
  cat <<'S'
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%global __check_files %{nil}
%define _binary_payload w3.zstdio
Name: lab-packages
Version: 1
Release: 1
Summary: The packages of the test system
License: MIT
AutoReqProv: no
%description
A test system made of Debian packages, for tests of installs.
S
  for name in "${names[@]}"; do
    printf '%%package -n %s\nVersion: %s\nRelease: 1.lab\nSummary: %s of the test system\nAutoReqProv: no\n' "$name" "${version[$name]}" "$name"
    case $name in
      filesystem | setup | system-release | ncurses-base | tzdata) ;;
      glibc) printf 'Requires: filesystem setup\n' ;;
      *) printf 'Requires: filesystem glibc\n' ;;
    esac
    [[ -z ${requires[$name]:-} ]] || printf 'Requires: %s\n' "${requires[$name]}"
    [[ $name != bash ]] || printf 'Provides: /bin/sh /bin/bash /usr/bin/bash\n'
    [[ $name != kernel-core ]] || printf 'Provides: installonlypkg(kernel) kernel-uname-r = %s\n' "${kernel//-/.}"
    printf '%%description -n %s\n%s of the test system.\n' "$name" "$name"
    printf '%%files -n %s' "$name"
    [[ ! -s $lists/$name ]] || printf ' -f %s' "$lists/$name"
    printf '\n%%defattr(-,root,root,-)\n'
  done
  cat "$here/scriptlets.spec"
} >"$spec"
"$here/tools.sh" "$tools" rpmbuild -bb --quiet --nodeps --target x86_64-linux --buildroot "$buildroot" \
  --define "_topdir $work/rpmbuild" --define "_rpmdir $work/packages" --define "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm" \
  --define "_buildhost localhost" --noclean "$spec" >"$work/rpmbuild.log" 2>&1 || {
  tail -n 20 "$work/rpmbuild.log" >&2
  exit 1
}
for name in "${names[@]}"; do printf '%s %s %s\n' "$name" "${repository[$name]}" "${group[$name]}"; done >"$work/catalog"
