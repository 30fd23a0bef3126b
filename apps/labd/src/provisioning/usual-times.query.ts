import type { UsualTime } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';

/** Installs of a profile that are looked at: the newest that succeeded. */
const MOST_INSTALLS = 50;

/** How long the stages of installs took. */
@Injectable()
export class UsualTimesQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The medians of past installs of the same profile, by `profile stage`. */
  async of(profiles: readonly string[]): Promise<Map<string, UsualTime>> {
    const rows = await this.database.client.$queryRaw<
      { profile: string; name: string; seconds: number; installs: bigint }[]
    >`
      SELECT i.profile, t.name, count(*) AS installs,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM t.ended_at - t.started_at)::FLOAT8) AS seconds
      FROM unnest(${[...new Set(profiles)]}::TEXT[]) AS p (profile)
      CROSS JOIN LATERAL (SELECT id, profile FROM installs WHERE state = 'succeeded' AND installs.profile = p.profile
        ORDER BY finished_at DESC LIMIT ${MOST_INSTALLS}) i
      JOIN install_stages t ON t.install_id = i.id
      WHERE t.started_at IS NOT NULL AND t.ended_at IS NOT NULL
      GROUP BY i.profile, t.name`;
    return new Map(
      rows.map(({ profile, name, seconds, installs }) => [
        `${profile} ${name}`,
        { seconds, installs: Number(installs) },
      ]),
    );
  }
}
