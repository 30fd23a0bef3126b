import { LabError, isWeakNic, mac, networkInterfaces, type NicSettings } from '@lab/domain';
import { Prisma, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { DeclaredAddresses } from './declared-addresses.repository.js';
import { NetworkMembership } from './network-membership.repository.js';
import type { DeclaredNicDto } from './server-spec.dto.js';

/** The NICs that a server's spec declares, beside those that reports of the machine show. */
@Injectable()
export class DeclaredNics {
  constructor(
    private readonly membership: NetworkMembership,
    private readonly addresses: DeclaredAddresses,
  ) {}

  /** From here on these are declared, and no others. A constant number of statements. */
  async declare(tx: TransactionClient, serverId: string, nics: readonly DeclaredNicDto[]): Promise<void> {
    const macs = nics.map(({ mac }) => mac);
    await refuseOthers(tx, serverId, macs);
    const networks = await networksOf(tx, nics);
    checkSettings(nics, networks);
    await tx.serverNic.deleteMany({
      where: { serverId, declared: true, reported: false, mac: { notIn: macs } },
    });
    await tx.serverNic.updateMany({
      where: { serverId, declared: true, mac: { notIn: macs } },
      data: { declared: false, networkDeclared: false, settings: Prisma.DbNull },
    });
    if (nics.length > 0) {
      const rows = nics.map((nic) => ({
        mac: nic.mac,
        name: nic.name,
        network_id: typeof nic.network === 'string' ? (networks.get(nic.network)?.id ?? null) : null,
        network_declared: typeof nic.network === 'string',
        settings: settingsOf(nic),
      }));
      await tx.$executeRaw`
        INSERT INTO server_nics (server_id, mac, name, declared, reported, network_id, network_declared, settings)
        SELECT ${serverId}::UUID, v.mac, v.name, TRUE, FALSE, v.network_id, v.network_declared, v.settings
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB)
          AS v(mac TEXT, name TEXT, network_id UUID, network_declared BOOLEAN, settings JSONB)
        ON CONFLICT (server_id, mac) DO UPDATE SET declared = TRUE, network_declared = excluded.network_declared, settings = excluded.settings,
          name = CASE WHEN server_nics.reported THEN server_nics.name ELSE excluded.name END,
          network_id = CASE WHEN excluded.network_declared THEN excluded.network_id ELSE server_nics.network_id END`;
    }
    await this.membership.settleServers(tx, [serverId]);
    await this.addresses.refuseTakenBy(tx, serverId, nics);
  }
}

async function refuseOthers(tx: TransactionClient, serverId: string, macs: readonly string[]): Promise<void> {
  if (macs.length === 0) return;
  const others = await tx.serverNic.findMany({
    where: { mac: { in: [...macs] }, serverId: { not: serverId } },
    select: { mac: true, name: true, driver: true, boot: true, declared: true },
    orderBy: [{ boot: 'desc' }, { declared: 'desc' }],
    take: 1000,
  });
  // What all BMCs of a make show, or what was seen of an adapter, may be declared all the same.
  const taken = others.find((nic) => nic.boot || nic.declared || !isWeakNic(nic));
  if (taken === undefined) return;
  const path = `spec.nics.${macs.indexOf(taken.mac)}.mac`;
  throw new LabError('exists', `${path}: another server has the NIC ${taken.mac}`, {
    hint: `See which one with: labctl get server ${taken.mac}`,
    errors: [{ path, message: 'is another server’s' }],
  });
}

interface NamedNetwork {
  id: string;
  name: string;
  cidr: string;
  gateway: string | null;
}

/** By the references that the NICs give. */
async function networksOf(
  tx: TransactionClient,
  nics: readonly DeclaredNicDto[],
): Promise<Map<string, NamedNetwork>> {
  const wanted = [...new Set(nics.flatMap(({ network }) => (typeof network === 'string' ? [network] : [])))];
  if (wanted.length === 0) return new Map();
  const rows = await tx.$queryRaw<NamedNetwork[]>`
    SELECT w.id, w.name, w.cidr, w.gateway FROM networks w
    WHERE w.name = ANY(${wanted}::TEXT[]) OR w.id::TEXT = ANY(${wanted}::TEXT[])`;
  const found = new Map(rows.flatMap((row) => [[row.name, row] as const, [row.id, row] as const]));
  for (const [index, { network }] of nics.entries()) {
    if (typeof network !== 'string' || found.has(network)) continue;
    throw new LabError('invalid', `spec.nics.${index}.network: there is no network "${network}"`, {
      hint: 'See what there is with: labctl get networks',
      errors: [{ path: `spec.nics.${index}.network`, message: 'names no network' }],
    });
  }
  return found;
}

/** How the installed system is to configure the NIC; null if nothing is said. */
function settingsOf({ mac: _, name: __, network: ___, bond, ...others }: DeclaredNicDto): NicSettings | null {
  const settings = { ...others, ...(bond !== undefined && { bond: { ...bond } }) };
  return Object.values<unknown>(settings).some((value) => value !== undefined) ? settings : null;
}

/** What the NICs say has to make interfaces. */
function checkSettings(nics: readonly DeclaredNicDto[], networks: ReadonlyMap<string, NamedNetwork>): void {
  networkInterfaces(
    nics.map((nic) => ({
      mac: mac(nic.mac),
      settings: settingsOf(nic) ?? {},
      network: typeof nic.network === 'string' ? (networks.get(nic.network) ?? null) : null,
    })),
  );
}
