import {
  LabError,
  isAllowed,
  isHostname,
  isId,
  mac,
  parseMac,
  printable,
  type Action,
  type Permission,
} from '@lab/domain';
import { Prisma, type Database, type TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { serversGrantedBy } from '../rbac/grants-filter.js';
import { noSuchServer } from './servers.errors.js';

/** A server that a reference led to. */
export interface ServerRef {
  id: string;
  name: string;
  cloud: string;
  environment: string;
}

const MOST_CANDIDATES = 10;

/** Finds the server that a person means by a name, an ID or any notation of a MAC address. */
@Injectable()
export class ServerReferenceQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /**
   * What the caller may not read doesn't exist for them; what they may read but not change is `not-allowed`. A name
   * without its domain finds the server if no other has the same first labels.
   */
  async resolve(
    reference: string,
    grants: readonly Permission[],
    action: Action,
    tx: TransactionClient = this.database.client,
  ): Promise<ServerRef> {
    const found = await tx.$queryRaw<ServerRef[]>`
      SELECT s.id, s.name, s.cloud, s.environment FROM servers s
      WHERE ${condition(reference)} AND ${serversGrantedBy(grants, 'read')}
      ORDER BY s.name LIMIT ${MOST_CANDIDATES + 1}`;
    const name = reference.toLowerCase();
    const server = found.find((candidate) => candidate.name === name) ?? found[0];
    if (server === undefined) throw noSuchServer(reference);
    if (found.length > 1 && server.name !== name) throw ambiguous(reference, found);
    if (
      !isAllowed(grants, {
        action,
        cloud: server.cloud,
        environment: server.environment,
        server: server.name,
      })
    ) {
      throw new LabError('not-allowed', `You may not ${action} ${server.name}`, {
        hint: 'Ask an administrator for a role with that permission.',
        details: { needed: `${action}:${server.cloud}:${server.environment}:${server.name}` },
      });
    }
    return server;
  }
}

function condition(reference: string): Prisma.Sql {
  const address = parseMac(reference);
  if (address !== undefined) {
    return Prisma.sql`s.id IN (SELECT n.server_id FROM server_nics n WHERE n.mac = ${mac(address)})`;
  }
  if (isId(reference)) return Prisma.sql`s.id = ${reference}::UUID`;
  const name = reference.toLowerCase();
  if (isHostname(name)) return Prisma.sql`(s.name = ${name} OR s.name LIKE ${`${name}.%`})`;
  if (reference.includes(':')) mac(reference); // says what is wrong with a MAC address
  throw new LabError('invalid', `"${printable(reference)}" is neither a name, an ID nor a MAC address`, {
    hint: 'See the names with: labctl get servers',
  });
}

function ambiguous(reference: string, found: readonly ServerRef[]): LabError {
  const shown = found.slice(0, MOST_CANDIDATES);
  const names = shown.map((candidate) => candidate.name).join(', ');
  return new LabError(
    'ambiguous',
    `"${printable(reference)}" can mean ${names}${found.length > shown.length ? ' …' : ''}`,
    {
      hint: 'Give the full name or the ID.',
      details: { candidates: shown.map(({ id, name }) => ({ name, id })) },
    },
  );
}
