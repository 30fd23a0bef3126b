#!/bin/bash
# The README's two commands, tried on a machine that has nothing: a bare root, an ordinary user, a folder with a space in its
# name, a clone without packages.
#   two-commands.sh [RESULTS [ARGUMENT…]]     RESULTS: Jest's results of `npm test`, as JSON; ARGUMENTs are Jest's
# Needs root, and what make-root.sh needs.
set -euo pipefail

if [[ ${1:-} != --as-user ]]; then
  here=$(cd "$(dirname "$0")" && pwd)
  results=${1:-} && shift || true
  root=$("$here/make-root.sh")
  home=$(mktemp -d)
  trap 'rm -rf "$home"' EXIT
  git clone --quiet --no-hardlinks "$here/../.." "$home/my lab"
  chown -R --reference="$root/home/ann" "$home"
  code=0
  "$here/in-bare-root.sh" "$root" "$home" 'my lab/e2e/bare/two-commands.sh' --as-user "$@" || code=$?
  if [[ -n $results && -f $home/results.json ]]; then cp "$home/results.json" "$results"; fi
  exit "$code"
fi

shift
cd 'my lab'

# Starts, asks, and ends it as Ctrl-C would.
start() {
  local begin=${EPOCHREALTIME/./} log=~/start.log pid
  : >"$log"
  setsid npm start >"$log" 2>&1 &
  pid=$!
  until grep -q 'In another terminal' "$log"; do
    if ! kill -0 "$pid" 2>/dev/null; then
      cat "$log"
      echo 'npm start ended by itself'
      return 1
    fi
    sleep 0.1
  done
  echo "npm start: ready after $(((${EPOCHREALTIME/./} - begin) / 1000)) ms"
  npx labctl get bastions --no-headers | grep -q '^local *up ' || { echo 'its bastion is not up' && return 1; }
  kill -INT -- "-$pid"
  wait "$pid" || true
}

start
start
npm test -- --json --outputFile="$HOME/results.json" "$@"
