/** What a booting machine says of itself, beside its MAC address. Null: not said. Spelt as `claimOf` spells it. */
export interface MachineClaim {
  /** SMBIOS system UUID, lower case. */
  uuid: string | null;
  /** Upper case, nothing but letters and digits. */
  serial: string | null;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** UUID and serial number in one spelling: iPXE, the kernel and people differ in case, spaces and what isn't ASCII. */
export function claimOf(uuid: unknown, serial: unknown): MachineClaim {
  const lower = typeof uuid === 'string' ? uuid.trim().toLowerCase() : '';
  const plain = typeof serial === 'string' ? serial.slice(0, 256).replace(/[^a-z0-9]/gi, '') : '';
  return {
    uuid: UUID.test(lower) ? lower : null,
    serial: plain === '' ? null : plain.toUpperCase().slice(0, 128),
  };
}

/**
 * How what a machine says agrees with what is known of it. `same`: it says all that is known. `other`: something differs, and
 * nothing that agrees makes up for it, as boards of one make may share a UUID. `unknown`: it keeps quiet about something, as
 * anyone can. A UUID alone proves little: PXE sends it to everyone (DHCP option 97, RFC 4578 §2.3); a serial number isn't in
 * any broadcast.
 */
export function compareClaims(known: MachineClaim, claim: MachineClaim): 'same' | 'other' | 'unknown' {
  const isOtherUuid = known.uuid !== null && claim.uuid !== null && !isSameUuid(known.uuid, claim.uuid);
  const isOtherSerial = known.serial !== null && claim.serial !== null && known.serial !== claim.serial;
  if (isOtherUuid || isOtherSerial) return 'other';
  const isQuiet =
    (known.uuid !== null && claim.uuid === null) || (known.serial !== null && claim.serial === null);
  return isQuiet || (known.uuid === null && known.serial === null) ? 'unknown' : 'same';
}

/** SMBIOS before 2.6 didn't say in which order the first three fields' bytes are (DSP0134 §7.2.1): programs differ. */
const isSameUuid = (a: string, b: string): boolean => a === b || a === swapped(b);

function swapped(uuid: string): string {
  const [low = '', mid = '', high = '', ...rest] = uuid.split('-');
  const reversed = [low, mid, high].map((field) => (field.match(/../g) ?? []).reverse().join(''));
  return [...reversed, ...rest].join('-');
}
