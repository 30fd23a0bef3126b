import { LabError, kindOf, mayDo } from '@lab/domain';
import { Prisma, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { BASTION_FILTER } from '../resources/common-columns.js';
import { readable } from '../resources/resource-reference.query.js';
import type { ResourceStore } from '../resources/resource-store.js';
import type { NetworkDto } from './network.dto.js';

/** Which bastion serves a network: who may say so, and what else it serves. */
@Injectable()
export class ServingBastion {
  /** The ID of the bastion that `reference` names. Raises `invalid`, and `not-allowed` if it isn't the caller's to use. */
  async resolve(
    tx: TransactionClient,
    caller: Caller,
    networks: Pick<ResourceStore, 'kind'>,
    { name, reference, before }: { name: string; reference: string; before: NetworkDto | undefined },
  ): Promise<string> {
    const [bastion] = await tx.$queryRaw<{ id: string; name: string; cloud: string; environment: string }[]>`
      SELECT b.id, b.name, b.cloud, b.environment FROM bastions b WHERE ${BASTION_FILTER.bastion(reference)}`;
    const { cloud, environment } = bastion ?? { cloud: null, environment: null };
    if (bastion?.name === before?.spec.bastion && bastion !== undefined) return bastion.id;
    if (
      bastion === undefined ||
      !mayDo(caller.grants, kindOf('Bastion'), 'read', { cloud, environment, name: bastion.name })
    ) {
      throw new LabError('invalid', `spec.bastion: there is no bastion "${reference}"`, {
        hint: 'See what there is with: labctl get bastions',
        errors: [{ path: 'spec.bastion', message: 'names no bastion' }],
      });
    }
    // What it serves is told to every machine on its segment: that is a change where the bastion is.
    if (mayDo(caller.grants, networks.kind, 'write', { cloud, environment, name })) return bastion.id;
    const needed = `${networks.kind.access.write}:${bastion.cloud}:${bastion.environment}:*`;
    throw new LabError('not-allowed', `You may not have bastion ${bastion.name} serve networks`, {
      hint: `Ask an administrator for a role with ${needed}.`,
      details: { needed },
    });
  }

  /** Raises `invalid` if the bastion has another network with addresses of this one: it couldn't tell which one is meant. */
  async refuseOverlap(
    tx: TransactionClient,
    caller: Caller,
    networks: ResourceStore,
    { bastionId, cidr, id }: { bastionId: string; cidr: string; id: string | undefined },
  ): Promise<void> {
    const others = id === undefined ? Prisma.sql`TRUE` : Prisma.sql`r.id <> ${id}::UUID`;
    const [other] = await tx.$queryRaw<{ name: string; cidr: string; bastion: string; readable: boolean }[]>`
      SELECT r.name, r.cidr, b.name AS bastion, ${readable(networks, caller)} AS readable
      FROM ${networks.table.from} WHERE r.bastion_id = ${bastionId}::UUID AND ${others}
        AND (r.cidr::INET <<= ${cidr}::INET OR r.cidr::INET >>= ${cidr}::INET)
      ORDER BY r.name LIMIT 1`;
    if (other === undefined) return;
    const which = other.readable ? `${other.name} (${other.cidr})` : 'another network';
    throw new LabError('invalid', `spec.cidr: overlaps ${which}, which bastion ${other.bastion} has, too`, {
      hint: 'Two sites may use the same addresses, each with its own bastion; one bastion can’t tell them apart.',
      errors: [{ path: 'spec.cidr', message: `overlaps ${which}` }],
    });
  }
}
