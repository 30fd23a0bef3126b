import { INSTALL_STATES } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';

/** What only the database knows. */
export interface Counts {
  servers: Map<string, number>;
  installs: Map<string, number>;
  linksUp: number;
}

@Injectable()
export class MetricsQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** By phase and by state, those without any included. */
  async counts(aliveSince: Date): Promise<Counts> {
    const [servers, installs, linksUp] = await Promise.all([
      this.database.client.server.groupBy({ by: ['phase'], _count: true }),
      this.database.client.install.groupBy({ by: ['state'], _count: true }),
      this.database.client.bastion.count({
        where: { linkState: 'connected', lastSeenAt: { gt: aliveSince } },
      }),
    ]);
    const none = INSTALL_STATES.map((state): [string, number] => [state, 0]);
    return {
      servers: new Map(servers.map(({ phase, _count }) => [phase, _count])),
      installs: new Map([...none, ...installs.map(({ state, _count }): [string, number] => [state, _count])]),
      linksUp,
    };
  }
}
