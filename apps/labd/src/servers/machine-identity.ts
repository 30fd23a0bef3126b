/** What tells machines apart. */
export interface Identity {
  /** SMBIOS system UUID, lower case; null if unknown or one that tells nothing. */
  uuid: string | null;
  serial: string | null;
  macs: readonly string[];
}

/** A server that we know, by what tells it apart. */
export interface KnownServer extends Identity {
  id: string;
  name: string;
}

/** A claim of two servers to the same thing. */
export interface IdentityConflict {
  /** The other server. */
  serverId: string;
  reason: 'SharedMac' | 'SharedUuid' | 'OtherUuid';
  message: string;
}

export interface Identified {
  /** The server that it is; undefined: a new one. */
  server: KnownServer | undefined;
  conflicts: readonly IdentityConflict[];
}

/**
 * Which server a machine is. Boards of one make may share a UUID, and a NIC can move to another machine: so a UUID or a
 * serial number makes a match only if nothing speaks against it, and servers are never merged. What speaks both ways is a
 * conflict for a person to solve.
 *
 * - A MAC address in common, and no other UUID: it is that server.
 * - No MAC in common, but the same UUID and serial number, each stated: its NICs were replaced.
 * - No MAC in common, and the UUID alone is the same: another machine.
 */
export function identify(machine: Identity, known: readonly KnownServer[]): Identified {
  const { uuid, serial } = machine;
  const sharesMac = (server: KnownServer): boolean => server.macs.some((mac) => machine.macs.includes(mac));
  const sameUuid = (server: KnownServer): boolean => uuid !== null && server.uuid === uuid;
  const sameSerial = (server: KnownServer): boolean => serial !== null && server.serial === serial;
  const otherUuid = (server: KnownServer): boolean =>
    uuid !== null && server.uuid !== null && server.uuid !== uuid;

  const byMac = known.filter(sharesMac);
  const server =
    known.find((candidate) => sameUuid(candidate) && sharesMac(candidate)) ??
    known.find((candidate) => sameUuid(candidate) && sameSerial(candidate)) ??
    byMac.find((candidate) => !otherUuid(candidate)) ??
    // A server with our MAC and another UUID: its board was replaced, or the NIC moved. It stays what it is, marked.
    byMac[0];

  const conflicts: IdentityConflict[] = [];
  for (const other of known) {
    if (other === server) {
      if (otherUuid(other)) {
        const message = `A machine with one of its MAC addresses says that its UUID is ${uuid ?? ''}, not ${other.uuid ?? ''}`;
        conflicts.push({ serverId: other.id, reason: 'OtherUuid', message });
      }
    } else if (sharesMac(other)) {
      const mac = other.macs.find((candidate) => machine.macs.includes(candidate)) ?? '';
      conflicts.push({ serverId: other.id, reason: 'SharedMac', message: `${mac} is also ${other.name}'s` });
    } else if (sameUuid(other)) {
      conflicts.push({
        serverId: other.id,
        reason: 'SharedUuid',
        message: `Its UUID ${uuid ?? ''} is also ${other.name}'s`,
      });
    }
  }
  return { server, conflicts };
}

/** What vendors leave in fields that they don't fill. */
const PLACEHOLDERS = new Set([
  '',
  '0',
  'none',
  'null',
  'n/a',
  'na',
  'unknown',
  'default string',
  'not specified',
  'not available',
  'to be filled by o.e.m.',
  'system serial number',
  'chassis serial number',
  '123456789',
  '0123456789',
  '03000200-0400-0500-0006-000700080009',
]);

/** `text`, if it tells something; zeros and `f`s throughout, and what vendors leave by default, don't. */
export function telling(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  if (PLACEHOLDERS.has(trimmed.toLowerCase()) || /^[0\-: .]*$/.test(trimmed) || /^[f\-: .]*$/i.test(trimmed))
    return null;
  return trimmed;
}
