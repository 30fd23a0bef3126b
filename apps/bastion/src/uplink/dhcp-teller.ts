import type { BastionSession, Netboot, NetworkLeases } from '@lab/protocol';
import { MAX_NETBOOT_MACHINES } from '@lab/protocol';

/** What labd is told of DHCP. */
export interface DhcpSources {
  /** Who has which address in each of labd's networks. */
  leases: () => NetworkLeases[];
  /** The machines with news since that change (0: all), and the number of the newest. */
  netboot: (since: number) => { machines: Netboot['machines']; change: number };
}

/** labd is told this often at most, in ms. */
const TELL_EVERY_MS = 1_000;
/** A frame may have 1 MiB (MAX_FRAME_BYTES). */
const MAX_PART_BYTES = 512 * 1024;

/** Tells a session that was just welcomed everything, and then what has changed; ends with `clearInterval`. */
export function tellDhcp(
  session: Pick<BastionSession, 'sendLeases' | 'sendNetboot'>,
  sources: DhcpSources,
): NodeJS.Timeout {
  let told = 0;
  let stated = new Map<string, string>();
  const tell = (): void => {
    const reports = sources.leases().map((report) => ({ report, text: JSON.stringify(report) }));
    for (const { report, text } of reports) {
      if (stated.get(report.networkId) !== text) session.sendLeases(report);
    }
    stated = new Map(reports.map(({ report, text }) => [report.networkId, text]));
    const { machines, change } = sources.netboot(told);
    for (const part of partsOf(machines)) session.sendNetboot({ machines: part });
    told = change;
  };
  tell();
  return setInterval(tell, TELL_EVERY_MS);
}

/** So many machines, and so many bytes, in one frame. */
export function partsOf(machines: Netboot['machines']): Netboot['machines'][] {
  const parts: Netboot['machines'][] = [];
  let bytes = Infinity;
  for (const machine of machines) {
    const size = Buffer.byteLength(JSON.stringify(machine));
    const part = parts.at(-1);
    if (part === undefined || part.length >= MAX_NETBOOT_MACHINES || bytes + size > MAX_PART_BYTES) {
      parts.push([machine]);
      bytes = size;
    } else {
      part.push(machine);
      bytes += size;
    }
  }
  return parts;
}
