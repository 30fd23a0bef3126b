import type { SectionMachine } from './section-runner.js';

export interface FirmwareEntry {
  number: string;
  label: string;
  path: string;
  inactive?: true;
}

export interface Firmware {
  /** Of efibootmgr. */
  version?: 17 | 18;
  current?: string;
  /** Null: no BootOrder is set. */
  order: string | null;
  entries: readonly FirmwareEntry[];
  /** Whether a variable can be written. */
  refuses?: boolean;
  /** Version 17 ends at a path that it can't read. */
  unreadable?: boolean;
}

export const FIRMWARE: Firmware = {
  current: '0003',
  order: '0005,0000,0003,0001',
  entries: [
    { number: '0000', label: 'UiApp', path: 'FvVol(7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1)/FvFile(462caa21)' },
    { number: '0001', label: 'UEFI QEMU HARDDISK', path: 'PciRoot(0x0)/Pci(0x4,0x0)/Sata(0,65535,0)' },
    {
      number: '0003',
      label: 'UEFI PXEv4 (MAC:525400123456)',
      path: 'PciRoot(0x0)/Pci(0x3,0x0)/MAC(525400123456,1)/IPv4(0.0.0.0,0,DHCP)',
    },
    {
      number: '0005',
      label: 'Fedora',
      path: String.raw`HD(1,GPT,9e6a6a5b-0000-4000-8000-000000000001,0x800,0x12c000)/File(\EFI\fedora\shimx64.efi)`,
    },
  ],
};

/**
 * efibootmgr over a firmware of files, by its source (src/efibootmgr.c of 17 and 18): prints unless -q; paths behind a tab with
 * -v, from 18 on always; `-o` refuses numbers without an entry with 8, and a variable that can't be written with 5. Each call
 * that writes is in `calls`.
 */
export async function fakeEfibootmgr(machine: SectionMachine, firmware: Firmware = FIRMWARE): Promise<void> {
  const { version = 18, current, order, entries, refuses = false, unreadable = false } = firmware;
  const file = (name: string): string => machine.path('nvram', name);
  await machine.put('sys/firmware/efi/version', '');
  await machine.put('nvram/order', order ?? '');
  await machine.put('nvram/next', '');
  await machine.put(
    'nvram/entries',
    entries
      .map(({ number, label, path, inactive }) => `${number}|${inactive ? ' ' : '*'}|${label}|${path}\n`)
      .join(''),
  );
  await machine.program(
    'efibootmgr',
    `verbose=${version >= 18 ? 1 : 0} more=0 quiet=0 written=0
fail() { echo "$2" >&2; exit "$1"; }
while (($#)); do
  case $1 in
    -v) verbose=1 more=1 ;;
    -q) quiet=1 ;;
    -o)
      for number in \${2//,/ }; do grep -qi "^$number|" '${file('entries')}' || fail 8 "Invalid BootOrder order entry value: entry $number does not exist"; done
      echo "efibootmgr -q -o $2" >>'${machine.path('calls')}'
      ${refuses ? 'fail 5 "Could not set BootOrder: Invalid argument"' : ''}
      printf %s "$2" >'${file('order')}'; shift ;;
    -n) echo "efibootmgr -q -n $2" >>'${machine.path('calls')}'; printf %s "$2" >'${file('next')}'; shift ;;
    *) fail 1 "unknown option $1" ;;
  esac
  shift
done
((quiet)) && exit 0
[[ ! -s '${file('next')}' ]] || printf 'BootNext: %s\\n' "$(<'${file('next')}')"
${current === undefined ? '' : `echo 'BootCurrent: ${current}'`}
echo 'Timeout: 0 seconds'
if [[ -s '${file('order')}' ]]; then printf 'BootOrder: %s\\n' "$(<'${file('order')}')"; else echo 'No BootOrder is set; firmware will attempt recovery'; fi
while IFS='|' read -r number star label path; do
  printf 'Boot%s%s %s' "$number" "$star" "$label"
  ((verbose)) && printf '\\t%s' "$path"
  echo
  ${version === 17 && unreadable ? '((verbose)) && fail 18 "Could not parse device path"' : ''}
  ((more && ${version} >= 18)) && echo '      dp: 02 01 0c 00 d0 41 03 0a 00 00 00 00'
done <'${file('entries')}'
exit 0`,
  );
}
