import { createHash } from 'node:crypto';
import {
  MAX_FRAME_BYTES,
  MAX_NETWORKS_PER_PART,
  MAX_RESERVATIONS_PER_PART,
  type Networks,
  type Reservation,
  type ServedNetwork,
} from '@lab/protocol';

/** Half of a frame: the rest is for what the envelope and the encoding add. */
const BYTES_A_PART = MAX_FRAME_BYTES / 2;
/** What the protocol lets a revision have. */
const MOST_PARTS = 256;

/** All that a bastion serves with DHCP. */
export interface ServedLevel {
  networks: readonly ServedNetwork[];
  reservations: readonly Reservation[];
}

/** The level in parts that each fit into a frame; one at least, for a bastion that serves nothing. */
export function levelParts({ networks, reservations }: ServedLevel): Networks[] {
  const revision = createHash('sha256')
    .update(JSON.stringify([networks, reservations]))
    .digest('hex');
  const packed = [
    ...packs(networks, MAX_NETWORKS_PER_PART).map((part) => ({ networks: part, reservations: [] })),
    ...packs(reservations, MAX_RESERVATIONS_PER_PART).map((part) => ({ networks: [], reservations: part })),
  ].slice(0, MOST_PARTS);
  const [first = { networks: [], reservations: [] }, second, ...others] = packed;
  // What most bastions serve is little: networks and reservations go in one frame.
  const joined =
    second?.networks.length === 0 && sizeOf(first) + sizeOf(second) <= BYTES_A_PART
      ? [
          { networks: first.networks, reservations: [...first.reservations, ...second.reservations] },
          ...others,
        ]
      : [first, ...(second === undefined ? [] : [second]), ...others];
  return joined.map((part, index) => ({ revision, part: index + 1, parts: joined.length, ...part }));
}

const sizeOf = (value: object): number => Buffer.byteLength(JSON.stringify(value)) + 1;

function packs<T extends object>(items: readonly T[], most: number): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    const last = parts.at(-1);
    if (last === undefined || last.length >= most || bytes + size > BYTES_A_PART) {
      parts.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return parts;
}
