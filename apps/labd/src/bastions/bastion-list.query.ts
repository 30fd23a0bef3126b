import type { Clock } from '@lab/domain';
import type { Bastion, Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, DATABASE } from '../injection-tokens.js';
import type { BastionDto } from './bastion.dto.js';
import { profileNames } from './profile-names.js';

const MOST_BASTIONS = 1000;
/** A link is noted as alive every 20 s: one that isn't any more was left by a labd that ended badly. */
const ALIVE_FOR_MS = 65_000;

@Injectable()
export class BastionListQuery {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** All bastions by name, at most a thousand. */
  async all(): Promise<BastionDto[]> {
    const rows = await this.database.client.bastion.findMany({
      orderBy: { name: 'asc' },
      take: MOST_BASTIONS,
      include: { _count: { select: { servers: true } } },
    });
    return rows.map((row): BastionDto => ({
      apiVersion: 'lab/v1',
      kind: 'Bastion',
      metadata: {
        id: row.id,
        name: row.name,
        labels: row.labels as Record<string, string>,
        annotations: row.annotations as Record<string, string>,
        version: row.version,
        createdAt: row.createdAt.toISOString(),
        updatedAt: row.updatedAt.toISOString(),
      },
      status: {
        link: isUp(row, this.clock.now()) ? 'up' : 'down',
        url: row.url,
        softwareVersion: row.softwareVersion,
        servers: row._count.servers,
        profiles: profileNames(row.profiles),
        lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
      },
    }));
  }
}

const isUp = ({ linkState, lastSeenAt }: Bastion, now: number): boolean =>
  linkState === 'connected' && now - (lastSeenAt?.getTime() ?? 0) < ALIVE_FOR_MS;
