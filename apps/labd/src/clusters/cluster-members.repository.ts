import { LabError, isId, parseMac, printable } from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { grantedBy } from '../rbac/grants-filter.js';
import { PLACED } from '../resources/common-columns.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import type { ClusterMemberDto } from './cluster.dto.js';

interface Candidate {
  id: string;
  name: string;
  mac: string | null;
  cluster_id: string | null;
  cluster: string | null;
}

/** Which servers a cluster consists of. A constant number of statements, however many. */
@Injectable()
export class ClusterMembers {
  constructor(private readonly serverChanges: ServerChanges) {}

  /** From here on these are the members. The caller needs `apply` on every server that comes, goes or changes its role. */
  async set(
    tx: TransactionClient,
    caller: Caller,
    clusterId: string,
    members: readonly ClusterMemberDto[],
    now: Date,
  ): Promise<void> {
    const wanted = await this.#resolve(tx, caller, clusterId, members);
    const present = new Map(
      (await tx.clusterMember.findMany({ where: { clusterId } })).map(({ serverId, role }) => [
        serverId,
        role,
      ]),
    );
    const changed = [...wanted].filter(([id, { role }]) => present.get(id) !== role);
    const gone = [...present.keys()].filter((id) => !wanted.has(id));
    await this.#requireApply(tx, caller, [...gone, ...changed.map(([id]) => id)]);
    if (gone.length > 0) await tx.clusterMember.deleteMany({ where: { clusterId, serverId: { in: gone } } });
    if (changed.length > 0) {
      const rows = changed.map(([server_id, { role }]) => ({ server_id, role }));
      await tx.$executeRaw`
        INSERT INTO cluster_members (server_id, cluster_id, role, created_at, updated_at)
        SELECT v.server_id, ${clusterId}::UUID, v.role, ${now}, ${now}
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(server_id UUID, role TEXT)
        ON CONFLICT (server_id) DO UPDATE SET role = excluded.role, updated_at = excluded.updated_at`;
    }
    await this.serverChanges.touch(tx, [...gone, ...changed.map(([id]) => id)], now);
  }

  /** Servers by ID. Each reference must mean one server that the caller may read and that is in no other cluster. */
  async #resolve(
    tx: TransactionClient,
    caller: Caller,
    clusterId: string,
    members: readonly ClusterMemberDto[],
  ): Promise<Map<string, { role: string }>> {
    const references = members.map(({ server }) => parseMac(server) ?? server.toLowerCase());
    const ids = references.filter(isId);
    const rows =
      references.length === 0
        ? []
        : await tx.$queryRaw<Candidate[]>`
      SELECT r.id, r.name, n.mac, c.id AS cluster_id, c.name AS cluster
      FROM servers r
      LEFT JOIN server_nics n ON n.server_id = r.id AND n.mac = ANY(${references}::TEXT[])
      LEFT JOIN cluster_members m ON m.server_id = r.id LEFT JOIN clusters c ON c.id = m.cluster_id
      WHERE (r.name = ANY(${references}::TEXT[]) OR r.id = ANY(${ids}::UUID[]) OR n.mac IS NOT NULL)
        AND ${grantedBy(caller.grants, 'read', 'server', PLACED)}`;
    const found = new Map<string, Candidate>();
    for (const row of rows) {
      for (const key of [row.name, row.id, ...(row.mac === null ? [] : [row.mac])]) found.set(key, row);
    }
    const wanted = new Map<string, { role: string }>();
    for (const [index, { role = 'worker' }] of members.entries()) {
      const reference = references[index] ?? '';
      const server = found.get(reference);
      const path = `spec.members.${index}.server`;
      if (server === undefined) throw refuse('invalid', path, `there is no server "${printable(reference)}"`);
      if (wanted.has(server.id)) throw refuse('invalid', path, `${server.name} is given twice`);
      if (server.cluster_id !== null && server.cluster_id !== clusterId) {
        throw refuse('in-use', path, `${server.name} is a member of cluster/${server.cluster ?? ''} already`);
      }
      wanted.set(server.id, { role });
    }
    return wanted;
  }

  async #requireApply(tx: TransactionClient, caller: Caller, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const [refused] = await tx.$queryRaw<{ name: string }[]>`
      SELECT r.name FROM servers r WHERE r.id = ANY(${[...ids]}::UUID[])
        AND NOT ${grantedBy(caller.grants, 'apply', 'server', PLACED)} ORDER BY r.name LIMIT 1`;
    if (refused === undefined) return;
    throw new LabError('not-allowed', `You may not apply server ${refused.name}`, {
      hint: 'Who changes a cluster’s members needs "apply" on those servers.',
      errors: [{ path: 'spec.members', message: `${refused.name} may not be changed by you` }],
    });
  }
}

const refuse = (code: 'invalid' | 'in-use', path: string, message: string): LabError =>
  new LabError(code, `${path}: ${message}`, {
    hint: 'See the servers and their clusters with: labctl get servers -o wide',
    errors: [{ path, message }],
  });
