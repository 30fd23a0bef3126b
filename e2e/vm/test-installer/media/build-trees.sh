#!/bin/bash
# Install trees as the families' media have them, from the packages, by the real createrepo_c:
#   build-trees.sh TOOLS WORK OUT HERE
# fedora/  .treeinfo with one variant at the root (Fedora's "Everything" and "Server" trees)
# el/      .treeinfo with BaseOS and AppStream, and no repository at the root (the DVD of the RHEL family)
set -euo pipefail
export LC_ALL=C
tools=$1 work=$2 out=$3 here=$4

# comps FILE REPOSITORY|all: @core with what is marked so.
comps() {
  {
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">\n<comps>\n'
    printf '<group><id>core</id><name>Core</name><description>Smallest possible installation</description><default>true</default><uservisible>false</uservisible><packagelist>\n'
    awk -v want="$2" '$3 == "core" && (want == "all" || $2 == want) { printf "<packagereq type=\"mandatory\">%s</packagereq>\n", $1 }' "$work/catalog"
    printf '</packagelist></group>\n'
    printf '<environment><id>minimal-environment</id><name>Minimal Install</name><description>Basic functionality.</description><display_order>3</display_order><grouplist><groupid>core</groupid></grouplist></environment>\n</comps>\n'
  } >"$1"
}

# repository FOLDER REPOSITORY|all
repository() {
  local folder=$1 want=$2 name where rpm
  mkdir -p "$folder/Packages"
  while read -r name where _; do
    [[ $want == all || $where == "$want" ]] || continue
    mkdir -p "$folder/Packages/${name:0:1}"
    # By the whole name: `kernel` is also how `kernel-core` begins.
    for rpm in "$work/packages/$name"-[0-9]*.rpm; do ln "$rpm" "$folder/Packages/${name:0:1}/"; done
  done <"$work/catalog"
  comps "$work/comps-$want.xml" "$want"
  "$here/tools.sh" "$tools" createrepo_c --quiet --workers 2 --no-database --simple-md-filenames --groupfile "$work/comps-$want.xml" "$folder" >/dev/null
}

# images FOLDER: what boots, and the second stage.
images() {
  mkdir -p "$1/images/pxeboot"
  cp "$out/vmlinuz" "$out/initrd.img" "$1/images/pxeboot/"
  cp "$out/install.img" "$1/images/install.img"
}

# treeinfo FOLDER NAME SHORT VERSION VARIANT PATH [VARIANT PATH]…: productmd's header 1.2.
treeinfo() {
  local folder=$1 name=$2 short=$3 version=$4 variants=() file i
  shift 4
  for ((i = 1; i <= $#; i += 2)); do variants+=("${!i}"); done
  {
    printf '[header]\ntype = productmd.treeinfo\nversion = 1.2\n\n[release]\nname = %s\nshort = %s\nversion = %s\n\n' "$name" "$short" "$version"
    printf '[tree]\narch = x86_64\nbuild_timestamp = 0\nplatforms = x86_64\nvariants = %s\n\n' "$(IFS=, && echo "${variants[*]}")"
    while [[ $# -gt 0 ]]; do
      printf '[variant-%s]\nid = %s\nname = %s\npackages = %s\nrepository = %s\ntype = variant\nuid = %s\n\n' "$1" "$1" "$1" "$(packages_path "$2")" "$2" "$1"
      shift 2
    done
    printf '[images-x86_64]\ninitrd = images/pxeboot/initrd.img\nkernel = images/pxeboot/vmlinuz\n\n[stage2]\nmainimage = images/install.img\n\n[checksums]\n'
    for file in images/install.img images/pxeboot/initrd.img images/pxeboot/vmlinuz; do
      printf '%s = sha256:%s\n' "$file" "$(sha256sum "$folder/$file" | cut -d' ' -f1)"
    done
    # The old form, which dracut's and virt-install's readers still look at.
    printf '\n[general]\nfamily = %s\nname = %s %s\narch = x86_64\nplatforms = x86_64\nvariant = %s\nversion = %s\n' "$name" "$name" "$version" "${variants[0]}" "$version"
  } >"$folder/.treeinfo"
}
packages_path() { if [[ $1 == . ]]; then echo Packages; else echo "$1/Packages"; fi; }

images "$out/fedora"
repository "$out/fedora" all
treeinfo "$out/fedora" Fedora Fedora 43 Everything .
images "$out/el"
repository "$out/el/BaseOS" BaseOS
repository "$out/el/AppStream" AppStream
treeinfo "$out/el" 'AlmaLinux' almalinux 10.1 AppStream AppStream BaseOS BaseOS
