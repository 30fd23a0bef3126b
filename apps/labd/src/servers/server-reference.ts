import { LabError, isHostname, isId, mac, parseMac, printable } from '@lab/domain';
import { Prisma } from '@lab/database';

/** Condition on the servers `r` for a name, an ID or any notation of a MAC address. A name without its domain finds the server. */
export function serverReference(reference: string): Prisma.Sql {
  if (parseMac(reference) !== undefined) {
    return Prisma.sql`r.id IN (SELECT n.server_id FROM server_nics n WHERE n.mac = ${checkedMac(reference)})`;
  }
  if (isId(reference)) return Prisma.sql`r.id = ${reference}::UUID`;
  const name = reference.toLowerCase();
  if (isHostname(name)) return Prisma.sql`(r.name = ${name} OR r.name LIKE ${`${name}.%`})`;
  if (reference.includes(':')) checkedMac(reference); // says what is wrong with a MAC address
  throw unusable(
    `"${printable(reference)}" is neither a name, an ID nor a MAC address`,
    'See the names with: labctl get servers',
  );
}

function checkedMac(reference: string): string {
  try {
    return mac(reference);
  } catch (error) {
    if (error instanceof LabError) throw unusable(error.message, error.hint);
    throw error;
  }
}

const unusable = (message: string, hint = 'Give a name, an ID or a MAC address.'): LabError =>
  new LabError('invalid', message, { hint, errors: [{ path: 'ref', message }] });
