import { LabError } from '@lab/domain';
import {
  HANDOVER_TABLES,
  Prisma,
  type HandoverKind,
  type HandoverType,
  type TransactionClient,
} from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { HandoverRow } from './handover-rows.js';

/** Whose rows they become, and where. */
export interface Receiver {
  handoverId: string;
  bastionId: string;
  cloud: string;
  environment: string;
}

/** Writes the rows of a part, a statement each time. */
@Injectable()
export class HandoverRows {
  async insert(
    tx: TransactionClient,
    kind: HandoverKind,
    rows: readonly HandoverRow[],
    receiver: Receiver,
  ): Promise<void> {
    const { table, columns } = HANDOVER_TABLES[kind];
    const fixed = Object.entries(givenAnew(kind, receiver));
    const names = [...Object.keys(columns), ...fixed.map(([name]) => name)].join(', ');
    const values = [
      Prisma.raw(
        Object.entries(columns)
          .map(([name, type]) => valueOf(name, type))
          .join(', '),
      ),
      ...fixed.map(([, value]) => value),
    ];
    // Names and types are our own; what came is one JSON parameter.
    const shape = Prisma.raw(
      Object.entries(columns)
        .map(([name, type]) => `"${name}" ${type === 'TEXT[]' ? 'JSONB' : type}`)
        .join(', '),
    );
    await tx.$executeRaw`
      INSERT INTO ${Prisma.raw(table)} (${Prisma.raw(names)})
      SELECT ${Prisma.join(values)} FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(${shape})`;
  }

  /** A row may only hang on what the same hand-over brought. */
  async requireOwn(
    tx: TransactionClient,
    kind: HandoverKind,
    rows: readonly HandoverRow[],
    { bastionId, cloud, environment, handoverId }: Receiver,
  ): Promise<void> {
    const idsOf = (column: string): string[] => [
      ...new Set(rows.map((row) => row[column]).filter((id) => typeof id === 'string')),
    ];
    const servers = kind === 'servers' ? [] : idsOf('server_id');
    const installs = kind === 'installs' ? [] : idsOf('install_id');
    const networks = idsOf('network_id');
    const clusters = kind === 'clusters' ? [] : idsOf('cluster_id');
    const [found] = await tx.$queryRaw<Record<'servers' | 'installs' | 'networks' | 'clusters', bigint>[]>`
      SELECT (SELECT count(*) FROM servers WHERE id = ANY(${servers}::UUID[]) AND bastion_id = ${bastionId}::UUID) AS servers,
        (SELECT count(*) FROM installs WHERE id = ANY(${installs}::UUID[]) AND bastion_id = ${bastionId}::UUID) AS installs,
        (SELECT count(*) FROM networks WHERE id = ANY(${networks}::UUID[]) AND cloud = ${cloud}
          AND environment = ${environment}) AS networks,
        (SELECT count(*) FROM handovers h, jsonb_array_elements_text(h.cluster_ids) AS c(id)
          WHERE h.id = ${handoverId}::UUID AND c.id = ANY(${clusters}::TEXT[])) AS clusters`;
    const wanted = { servers, installs, networks, clusters };
    for (const [what, ids] of Object.entries(wanted)) {
      if (Number(found?.[what as keyof typeof wanted] ?? 0n) === ids.length) continue; // a key of the object above
      throw new LabError(
        'invalid',
        `${kind}: a row belongs to ${what} that did not come with this hand-over`,
        {
          hint: 'Make the hand-over anew: the file is not whole.',
        },
      );
    }
  }

  /** Servers of the bastion in the order of their IDs: they are told of when all of them is there. */
  async serversAfter(
    tx: TransactionClient,
    bastionId: string,
    after: string,
    limit: number,
  ): Promise<string[]> {
    const rows = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM servers WHERE bastion_id = ${bastionId}::UUID AND id > ${after}::UUID ORDER BY id LIMIT ${limit}`;
    return rows.map(({ id }) => id);
  }

  /** A newest install that is none of its server's is none. */
  async mendCurrentInstalls(tx: TransactionClient, ids: readonly string[]): Promise<void> {
    await tx.$executeRaw`
      UPDATE servers SET current_install_id = NULL
      WHERE id = ANY(${[...ids]}::UUID[]) AND current_install_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM installs i WHERE i.id = servers.current_install_id AND i.server_id = servers.id)`;
  }
}

/** Columns that the receiver says itself. */
function givenAnew(kind: HandoverKind, receiver: Receiver): Record<string, Prisma.Sql> {
  const place = {
    cloud: Prisma.sql`${receiver.cloud}`,
    environment: Prisma.sql`${receiver.environment}`,
  };
  const bastion = { bastion_id: Prisma.sql`${receiver.bastionId}::UUID` };
  switch (kind) {
    case 'networks':
    case 'servers':
      return { ...place, ...bastion };
    case 'clusters':
      return place;
    case 'installs':
      return bastion;
    default:
      return {};
  }
}

function valueOf(name: string, type: HandoverType): string {
  const column = `v."${name}"`;
  if (type === 'TEXT[]') return `ARRAY(SELECT jsonb_array_elements_text(${column}))`;
  // A null in JSON is a value of its own there.
  return type === 'JSONB' ? `NULLIF(${column}, 'null'::JSONB)` : column;
}
