# shellcheck shell=bash
# What both stages need: kernel arguments, the family that is played, and time.

# argument NAME: the value of the last NAME= on the kernel command line; "yes" for a bare NAME.
argument() {
  local word words value=''
  read -ra words <"${CMDLINE:-/proc/cmdline}"
  for word in "${words[@]}"; do
    case $word in "$1") value=yes ;; "$1="*) value=${word#*=} ;; esac
  done
  printf '%s' "$value"
}

# family: fedora, el9 or el10, as the profile says by lab.family=; lab.release=44 is Fedora 44.
family() {
  local name=${FAMILY:-}
  [[ -n $name ]] || name=$(argument lab.family)
  printf '%s' "${name:-fedora}"
}

# Every wait of the real thing is there; lab.time=N makes each N times shorter. The only switch of its kind.
time_scale() {
  local scale=${TIME_SCALE:-}
  [[ -n $scale ]] || scale=$(argument lab.time)
  [[ $scale =~ ^[1-9][0-9]*$ ]] || scale=1
  printf '%s' "$scale"
}

# pause SECONDS
pause() { sleep "$(awk -v seconds="$1" -v scale="$(time_scale)" 'BEGIN { printf "%.3f", seconds / scale }')"; }

# Nothing more happens, and the machine stays on. A message that a person, or a test, finds on the console.
stop() {
  echo "$1"
  while :; do sleep 3600; done
}
