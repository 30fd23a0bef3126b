/** What a machine's firmware is to try first: the network, so that it asks its bastion at every boot, or its disk. */
export const BOOT_ORDERS = ['network-first', 'disk-first'] as const;
export type BootOrder = (typeof BOOT_ORDERS)[number];

/**
 * What became of it in an install: `set`, the firmware took it (which is not to say that it keeps it); `refused`, efibootmgr
 * couldn't write it; `unknown`, efibootmgr couldn't read what there is; no entry of the kind that was asked for; or a BIOS, in
 * which there is no such order.
 */
export const BOOT_ORDER_OUTCOMES = [
  'set',
  'refused',
  'unknown',
  'no-network-entry',
  'no-disk-entry',
  'bios',
] as const;
export type BootOrderOutcome = (typeof BOOT_ORDER_OUTCOMES)[number];

/** An entry of UEFI's boot manager, `Boot0003`. */
export interface BootEntry {
  /** Four hexadecimal digits, upper case. */
  number: string;
  /** Of unknown origin. */
  label: string;
  kind: 'network' | 'disk' | 'other';
}

/** What the installed system reports of it at its first boot. */
export interface BootOrderReport {
  asked: BootOrder;
  outcome: BootOrderOutcome;
  /** Numbers of the entries in the order that was set; none if none was. */
  wanted: readonly string[];
  /** Before the install, and at the first boot after it: entries in the order that the firmware had. Null: not known. */
  before: readonly BootEntry[] | null;
  after: readonly BootEntry[] | null;
}

/** More than any firmware has; what is beyond is cut. */
export const MAX_BOOT_ENTRIES = 32;
const MAX_LABEL = 96;

const ENTRY = /^Boot([0-9A-Fa-f]{4})[* ] ([^\t]*)(?:\t(.*))?$/;
/** The words of firmware for it, where efibootmgr prints no device path (version 17 without -v). */
const NETWORK_WORDS = /PXE|HTTP|network|IPv4|IPv6|\bNIC\b|Ethernet|MAC\(/i;

/**
 * The entries of `BootOrder` in their order, from the lines that efibootmgr 13 to 18 prints: `BootOrder: 0003,0000`, and
 * `Boot0003* LABEL`, with a tab and the device path with -v, and always from 18 on (src/efibootmgr.c, show_vars). Numbers
 * without an entry, as firmware leaves them, are left out. Null: there is no order in them.
 */
export function bootEntriesOf(lines: readonly string[]): BootEntry[] | null {
  const order = lines.find((line) => line.startsWith('BootOrder: '))?.slice('BootOrder: '.length);
  if (order === undefined) return null;
  const entries = new Map<string, BootEntry>();
  for (const line of lines) {
    const [, number = '', label = '', path = ''] = ENTRY.exec(line) ?? [];
    if (number === '' || entries.has(number.toUpperCase())) continue;
    entries.set(number.toUpperCase(), {
      number: number.toUpperCase(),
      label: label.trim().slice(0, MAX_LABEL),
      kind: kindOfEntry(label, path),
    });
  }
  const numbers = new Set(order.split(',').map((number) => number.trim().toUpperCase()));
  return [...numbers].flatMap((number) => entries.get(number) ?? []).slice(0, MAX_BOOT_ENTRIES);
}

function kindOfEntry(label: string, path: string): BootEntry['kind'] {
  if (/\bMAC\(/.test(path)) return 'network';
  if (/\b(?:HD|NVMe|Sata|SCSI)\(/.test(path)) return 'disk';
  return NETWORK_WORDS.test(label) ? 'network' : 'other';
}

/** Why the firmware's order isn't the one that was set, in words; undefined if it is, or if that can't be told. */
export interface BootOrderProblem {
  reason: 'FirmwareIgnored' | 'FirmwareRefused';
  message: string;
}

/** What a firmware that doesn't boot as it was told means. Only the first entry counts: firmware adds others of its own. */
export function bootOrderProblem(report: BootOrderReport): BootOrderProblem | undefined {
  const { asked, outcome, wanted, after } = report;
  const [first] = after ?? [];
  if (outcome === 'refused')
    return {
      reason: 'FirmwareRefused',
      message: `The firmware refused the order ${spoken(asked)}. ${consequence(report)}`,
    };
  if (outcome !== 'set' || first === undefined || wanted[0] === undefined || first.number === wanted[0])
    return undefined;
  return {
    reason: 'FirmwareIgnored',
    message: `The firmware was told ${spoken(asked)}, and has put "${first.label}" first. ${consequence(report)}`,
  };
}

const spoken = (order: BootOrder): string => (order === 'network-first' ? 'network first' : 'disk first');

/** Neither loops: at the network its bastion sends an installed machine on to its disk. */
function consequence({ asked, after }: BootOrderReport): string {
  const isFromNetwork = after?.[0]?.kind === 'network';
  if (asked === 'network-first')
    return isFromNetwork
      ? 'The machine netboots from another entry than it was installed by: its bastion answers if that NIC is on its network.'
      : 'The machine boots from its disk without asking its bastion: it works, but a reprovision needs a network boot by hand, or by its BMC. Put the network first in the firmware’s setup.';
  return isFromNetwork
    ? 'The machine asks its bastion at every boot, which sends it on to its disk: it does not loop, but without its bastion it waits for the network first. Put the disk first in the firmware’s setup.'
    : 'The machine does not start from the disk that was installed: put that entry first in the firmware’s setup.';
}
