import { isHostname, isId, mac, parseMac, printable, LabError } from '@lab/domain';
import { Prisma } from '@lab/database';

/** Condition on the servers `r` for a name, an ID or any notation of a MAC address. A name without its domain finds the server. */
export function serverReference(reference: string): Prisma.Sql {
  const address = parseMac(reference);
  if (address !== undefined) {
    return Prisma.sql`r.id IN (SELECT n.server_id FROM server_nics n WHERE n.mac = ${mac(address)})`;
  }
  if (isId(reference)) return Prisma.sql`r.id = ${reference}::UUID`;
  const name = reference.toLowerCase();
  if (isHostname(name)) return Prisma.sql`(r.name = ${name} OR r.name LIKE ${`${name}.%`})`;
  if (reference.includes(':')) mac(reference); // says what is wrong with a MAC address
  throw new LabError('invalid', `"${printable(reference)}" is neither a name, an ID nor a MAC address`, {
    hint: 'See the names with: labctl get servers',
  });
}
