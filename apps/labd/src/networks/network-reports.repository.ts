import { cidrContains, ipv4Number, parseCidr, type ConditionType } from '@lab/domain';
import { Prisma, type Database, type TransactionClient } from '@lab/database';
import type { Lease, NetworkLeases } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { Changes } from '../feed/changes.notifier.js';
import { FeedWriter } from '../feed/feed-writer.repository.js';
import { DATABASE } from '../injection-tokens.js';
import { INT4_MAX, earliestTime } from '../provisioning/storable.js';
import type { ConditionDto } from '../servers/condition.dto.js';
import { NetworksRepository } from './networks.repository.js';

interface ServedRow {
  id: string;
  cidr: string;
  conditions: ConditionDto[];
}

const NOT_SERVED = 'NotServed' satisfies ConditionType;
const TEN_YEARS_MS = 10 * 366 * 86_400_000;

/** What bastions say of the networks that they serve: who has which address, and what keeps them from it. */
@Injectable()
export class NetworkReports {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly networks: NetworksRepository,
    private readonly feed: FeedWriter,
    private readonly changes: Changes,
  ) {}

  /** Of networks that the bastion doesn't serve nothing is kept. A constant number of statements, however many they are. */
  async record(bastionId: string, reports: readonly NetworkLeases[], now: Date): Promise<void> {
    const isTold = await this.database.transaction(
      async (tx) => {
        const served = await tx.$queryRaw<ServedRow[]>`
          SELECT w.id, w.cidr, w.conditions FROM networks w
          WHERE w.id = ANY(${reports.map(({ networkId }) => networkId)}::UUID[])
            AND w.bastion_id = ${bastionId}::UUID AND w.dhcp_enabled
          ORDER BY w.id FOR UPDATE`;
        const rows = new Map(served.map((row) => [row.id, row]));
        const known = reports.flatMap((report) => {
          const row = rows.get(report.networkId);
          return row === undefined ? [] : [{ row, report }];
        });
        if (known.length === 0) return false;
        await writeLeases(tx, known, now);
        const states = known.map(({ row, report }) => stateOf(row, report, now));
        await tx.$executeRaw`
          UPDATE networks SET leases = v.leases, leases_at = ${now}, conditions = v.conditions,
            version = networks.version + v.step,
            updated_at = CASE WHEN v.step = 0 THEN networks.updated_at ELSE ${now}::TIMESTAMPTZ END
          FROM jsonb_to_recordset(${JSON.stringify(states)}::JSONB) AS v(id UUID, leases INT4, conditions JSONB, step INT4)
          WHERE networks.id = v.id`;
        return this.#tell(
          tx,
          states.flatMap(({ id, step }) => (step === 0 ? [] : [id])),
          now,
        );
      },
      // The rows that it is about are locked as they are read.
      { isolation: 'read-committed' },
    );
    if (isTold) this.changes.committed();
  }

  /** Watchers hear of a condition that came or went; leases come and go too often for that. */
  async #tell(tx: TransactionClient, ids: readonly string[], now: Date): Promise<boolean> {
    if (ids.length === 0) return false;
    const networks = await this.networks.select(tx, Prisma.sql`WHERE r.id = ANY(${[...ids]}::UUID[])`);
    await this.feed.record(
      tx,
      networks.map((network) => ({
        type: 'modified' as const,
        at: now,
        kind: network.kind,
        resourceId: network.metadata.id,
        resourceName: network.metadata.name,
        resourceVersion: network.metadata.version,
        cloud: network.spec.cloud ?? null,
        environment: network.spec.environment ?? null,
        object: network,
      })),
    );
    return true;
  }
}

/** Replaces those of these networks: what is as it was isn't written again. */
async function writeLeases(
  tx: TransactionClient,
  known: readonly { row: ServedRow; report: NetworkLeases }[],
  now: Date,
): Promise<void> {
  const ids = known.map(({ row }) => row.id);
  const leases = JSON.stringify(known.flatMap(({ row, report }) => leaseRows(row, report.leases, now)));
  const told = Prisma.sql`jsonb_to_recordset(${leases}::JSONB)
    AS v(network_id UUID, address TEXT, mac TEXT, hostname TEXT, expires_at TIMESTAMPTZ)`;
  await tx.$executeRaw`
    DELETE FROM network_leases l WHERE l.network_id = ANY(${ids}::UUID[])
      AND NOT EXISTS (SELECT 1 FROM ${told} WHERE v.network_id = l.network_id AND v.address = l.address)`;
  await tx.$executeRaw`
    INSERT INTO network_leases AS l (network_id, address, mac, hostname, expires_at)
    SELECT v.network_id, v.address, v.mac, v.hostname, v.expires_at FROM ${told}
    ON CONFLICT (network_id, address) DO UPDATE
      SET mac = excluded.mac, hostname = excluded.hostname, expires_at = excluded.expires_at
      WHERE l.mac <> excluded.mac OR l.hostname IS DISTINCT FROM excluded.hostname
        OR l.expires_at IS DISTINCT FROM excluded.expires_at`;
}

/** Each address once, the last word of it; what isn't in the network is left out. */
function leaseRows({ id, cidr }: ServedRow, leases: readonly Lease[], now: Date): object[] {
  const network = parseCidr(cidr);
  if (network === undefined) return [];
  const inside = leases.filter(
    ({ address }) => ipv4Number(address) !== undefined && cidrContains(network, address),
  );
  return [...new Map(inside.map((lease) => [lease.address, lease])).values()].map((lease) => ({
    network_id: id,
    address: lease.address,
    mac: lease.mac,
    hostname: lease.hostname,
    expires_at: lease.expiresAt === null ? null : leaseEnd(lease.expiresAt, now),
  }));
}

/** Null, never, for what no lease lasts to; a clock that is out of its mind has given no lease that we know the end of. */
function leaseEnd(text: string, now: Date): Date | null {
  const time = Date.parse(text);
  return time >= earliestTime && time <= now.getTime() + TEN_YEARS_MS ? new Date(time) : null;
}

/** What is written of the network; `step`: whether watchers see a difference. */
function stateOf({ id, conditions }: ServedRow, { total, leases, problem }: NetworkLeases, now: Date) {
  const old = conditions.find(({ type }) => type === NOT_SERVED);
  const others = conditions.filter(({ type }) => type !== NOT_SERVED);
  const stated: ConditionDto[] =
    problem === null
      ? []
      : [
          {
            type: NOT_SERVED,
            status: 'True',
            since: old?.since ?? now.toISOString(),
            reason: 'BastionReports',
            message: problem,
          },
        ];
  return {
    id,
    leases: Math.min(Math.max(total, leases.length), INT4_MAX),
    conditions: [...others, ...stated],
    step: old?.message === stated[0]?.message ? 0 : 1,
  };
}
