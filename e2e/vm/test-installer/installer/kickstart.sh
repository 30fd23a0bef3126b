# shellcheck shell=bash
# Reads a kickstart as pykickstart does: commands in order, sections apart, %include, errors with the line's number.
# A section becomes $WORK/sections/NNN.{type,options,line,body}; commands become arrays for storage.sh and system.sh.

# Every command that is known, with its options; an option that ends in = takes a value (pykickstart/commands).
declare -gA COMMANDS=(
  [text]="--non-interactive" [cmdline]="" [graphical]="--non-interactive" [skipx]="" [eula]="--agreed" [firstboot]="--enable --enabled --disable --disabled --reconfig"
  [lang]="--addsupport=" [keyboard]="--vckeymap= --xlayouts= --switch=" [timezone]="--utc --isUtc --nontp --ntpservers="
  [timesource]="--ntp-disable --ntp-server= --ntp-pool= --nts"
  [rootpw]="--iscrypted --plaintext --lock --allow-ssh"
  [user]="--name= --groups= --homedir= --password= --iscrypted --plaintext --lock --uid= --gid= --shell= --gecos="
  [group]="--name= --gid=" [sshkey]="--username=" [sshpw]="--username= --iscrypted --plaintext --lock --sshkey"
  [network]="--bootproto= --device= --hostname= --ip= --netmask= --gateway= --nameserver= --activate --no-activate --onboot= --ipv6= --noipv6 --noipv4 --nodns --mtu= --nodefroute --vlanid= --interfacename= --ipv6gateway= --nodefroute --noipv6"
  [firewall]="--enabled --enable --disabled --disable --service= --port= --ssh --trust= --use-system-defaults"
  [selinux]="--enforcing --permissive --disabled" [services]="--enabled= --disabled="
  [url]="--url= --mirrorlist= --metalink= --proxy= --noverifyssl" [repo]="--name= --baseurl= --mirrorlist= --metalink= --cost= --install --includepkgs= --excludepkgs= --noverifyssl"
  [bootloader]="--append= --location= --boot-drive= --driveorder= --timeout= --password= --iscrypted --leavebootorder --disabled --nombr --sdboot"
  [reboot]="--eject --kexec" [poweroff]="--eject" [shutdown]="--eject" [halt]="--eject"
  [ignoredisk]="--only-use= --drives=" [clearpart]="--all --none --linux --drives= --list= --initlabel --disklabel= --cdl" [zerombr]=""
  [part]="--fstype= --size= --maxsize= --grow --ondisk= --ondrive= --asprimary --label= --fsoptions= --mkfsoptions= --noformat --onpart= --useexisting --recommended --encrypted --passphrase="
  [volgroup]="--pesize= --noformat --useexisting --reserved-space= --reserved-percent="
  [logvol]="--name= --vgname= --fstype= --size= --maxsize= --grow --percent= --label= --fsoptions= --mkfsoptions= --noformat --useexisting --recommended --thin --thinpool --poolname="
  [syspurpose]="--role= --sla= --usage= --addon=" [authselect]="*" [module]="--name= --stream= --disable" [logging]="--host= --port=" [nvdimm]="*" [rhsm]="*"
)
COMMANDS[partition]=${COMMANDS[part]}
COMMANDS[logvol]+=" "
SECTIONS=" pre pre-install post onerror traceback packages addon anaconda certificate "

# parse_error LINE MESSAGE: pykickstart.errors.formatErrorMsg, and anaconda's words around it.
parse_error() {
  local message="The following problem occurred on line $1 of the kickstart file:"$'\n\n'"$2"
  log_anaconda ERR "kickstart.parsing" "${message//$'\n'/ }"
  printf '\nAn error occurred during reading the kickstart file:\n%s\n\nThe installer will now terminate.\n' "$message"
  pause 10
  early_exit
}

# words LINE-NUMBER TEXT: splits like a POSIX shell, without expanding anything, into WORDS; a # starts a comment.
# In bash alone: under emulation a process costs a tenth of a second.
words() {
  local text=$2 char quote='' word='' inside=no i
  WORDS=()
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    if [[ -n $quote ]]; then
      if [[ $char == "$quote" ]]; then
        quote=''
      elif [[ $char == \\ && $quote == '"' && ${text:i+1:1} == [\\\"] ]]; then
        i=$((i + 1)) word+=${text:i:1}
      else
        word+=$char
      fi
      continue
    fi
    case $char in
      ' ' | $'\t' | $'\r') [[ $inside == no ]] || { WORDS+=("$word") && word='' inside=no; } ;;
      '"' | "'") quote=$char inside=yes ;;
      \\) i=$((i + 1)) word+=${text:i:1} inside=yes ;;
      '#') if [[ $inside == no ]]; then break; fi && word+=$char ;;
      *) word+=$char inside=yes ;;
    esac
  done
  [[ -z $quote ]] || parse_error "$1" "No closing quotation"
  [[ $inside == no ]] || WORDS+=("$word")
}

# read_kickstart FILE PASS: PASS is "pre" (only sections count, a missing include is no error) or "all".
read_kickstart() {
  rm -rf "$WORK/sections" && mkdir -p "$WORK/sections"
  SECTION_COUNT=0 COMMAND_LINES=()
  read_file "$1" "$2"
}

read_file() {
  local file=$1 pass=$2 line number=0 section='' start=0 lines=()
  mapfile -t lines <"$file"
  for line in "${lines[@]}"; do
    number=$((number + 1))
    if [[ -n $section ]]; then
      if [[ $line =~ ^%end([[:space:]]|$) ]]; then
        section=''
      else
        printf '%s\n' "$line" >>"$WORK/sections/$section.body"
      fi
      continue
    fi
    case $line in
      '' | '#'*) ;;
      %include*) include "$number" "$pass" "${line#%include}" ;;
      %ksappend*) ;;
      %end*) parse_error "$number" "Unknown kickstart section: %end" ;;
      %*) open_section "$number" "$line" && start=$number && section=$OPENED ;;
      *) [[ $pass == pre || $line =~ ^[[:space:]]*(#.*)?$ ]] || command_line "$number" "$line" ;;
    esac
  done
  [[ -z $section ]] || parse_error "$start" "Section %$(<"$WORK/sections/$section.type") does not end with %end."
}

include() {
  words "$1" "$3"
  local file=${WORDS[0]:-}
  if [[ ! -r $file ]]; then
    [[ $2 == pre ]] && return 0
    # Where the %include stands is not said (load.py raises before a position is known).
    parse_error 0 "Unable to open input kickstart file: Error opening file: [Errno 2] No such file or directory: '$file'"
  fi
  read_file "$file" "$2"
}

open_section() {
  words "$1" "$2"
  local type=${WORDS[0]#%} id
  [[ $SECTIONS == *" $type "* ]] || parse_error "$1" "Unknown kickstart section: %$type"
  SECTION_COUNT=$((SECTION_COUNT + 1))
  printf -v id '%03d' "$SECTION_COUNT"
  OPENED=$id
  printf '%s' "$type" >"$WORK/sections/$id.type"
  printf '%s' "$1" >"$WORK/sections/$id.line"
  : >"$WORK/sections/$id.body"
  : >"$WORK/sections/$id.options"
  [[ ${#WORDS[@]} -lt 2 ]] || printf '%s\n' "${WORDS[@]:1}" >"$WORK/sections/$id.options"
}

command_line() {
  words "$1" "$2"
  local name=${WORDS[0]} word expected=''
  [[ -v COMMANDS[$name] ]] || parse_error "$1" "Unknown command: $name"
  if [[ ${COMMANDS[$name]} != '*' ]]; then
    for word in "${WORDS[@]:1}"; do
      if [[ -n $expected ]]; then expected=''; continue; fi
      [[ $word == --* ]] || continue
      if [[ " ${COMMANDS[$name]} " == *" ${word%%=*}= "* ]]; then
        [[ $word == *=* ]] || expected=$word
      elif [[ " ${COMMANDS[$name]} " != *" $word "* ]]; then
        parse_error "$1" "unrecognized arguments: $word"
      fi
    done
  fi
  [[ -z $expected ]] || parse_error "$1" "argument $expected: expected one argument"
  local IFS=$'\x1f'
  COMMAND_LINES+=("$1"$'\x1f'"${WORDS[*]}")
}

# each_command FUNCTION NAME…: calls FUNCTION with the line's number for every such command, its words in WORDS.
each_command() {
  local function=$1 entry number
  shift
  for entry in "${COMMAND_LINES[@]}"; do
    number=${entry%%$'\x1f'*} entry=${entry#*$'\x1f'}
    [[ " $* " == *" ${entry%%$'\x1f'*} "* ]] || continue
    IFS=$'\x1f' read -r -d '' -a WORDS <<<"$entry" || true
    WORDS[-1]=${WORDS[-1]%$'\n'} # the here-string's own
    "$function" "$number"
  done
}

has_command() {
  local found=no
  # shellcheck disable=SC2317,SC2329 # called through each_command
  note() { found=yes; }
  each_command note "$@"
  [[ $found == yes ]]
}

# option NAME [DEFAULT]: the value of --NAME in WORDS; for a switch "yes".
option() {
  local i word
  for ((i = 1; i < ${#WORDS[@]}; i++)); do
    word=${WORDS[i]}
    case $word in
      "--$1="*) printf '%s' "${word#*=}" && return 0 ;;
      "--$1")
        if [[ " ${COMMANDS[${WORDS[0]}]} " == *" --$1= "* ]]; then printf '%s' "${WORDS[i + 1]:-}"; else printf yes; fi
        return 0
        ;;
    esac
  done
  printf '%s' "${2:-}"
}

# positional: the first word of WORDS that is neither the command nor an option.
positional() {
  local i word
  for ((i = 1; i < ${#WORDS[@]}; i++)); do
    word=${WORDS[i]}
    if [[ $word != --* ]]; then printf '%s' "$word" && return 0; fi
    [[ $word == *=* || " ${COMMANDS[${WORDS[0]}]} " != *" $word= "* ]] || i=$((i + 1))
  done
}
