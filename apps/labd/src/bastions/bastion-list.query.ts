import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import type { BastionDto } from './bastion.dto.js';
import { profileNames } from './profile-names.js';

const MOST_BASTIONS = 1000;

@Injectable()
export class BastionListQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

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
        link: row.linkState === 'connected' ? 'up' : 'down',
        url: row.url,
        softwareVersion: row.softwareVersion,
        servers: row._count.servers,
        profiles: profileNames(row.profiles),
        lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
      },
    }));
  }
}
