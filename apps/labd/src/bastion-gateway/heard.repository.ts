import type { Heard } from '@lab/protocol';
import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';

/** When the machines of installs were last heard of. */
@Injectable()
export class HeardRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Of installs that aren't this bastion's, or have ended, nothing is kept. */
  async record(bastionId: string, installs: Heard['installs'], now: Date): Promise<void> {
    const heard = installs.map(({ installId, agoMs }) => ({
      id: installId,
      at: new Date(now.getTime() - Math.min(agoMs, now.getTime())),
    }));
    await this.database.client.$executeRaw`
      UPDATE installs SET last_heard_at = v.at
      FROM jsonb_to_recordset(${JSON.stringify(heard)}::JSONB) AS v(id UUID, at TIMESTAMPTZ)
      WHERE installs.id = v.id AND installs.bastion_id = ${bastionId}::UUID AND installs.finished_at IS NULL
        AND (installs.last_heard_at IS NULL OR installs.last_heard_at < v.at)`;
  }
}
