import type { Database } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';

const BATCH = 5000;

/** Log lines of installs that ended long ago. */
@Injectable()
export class OldLines {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Deletes some of the lines of installs that ended before then; the newest install of a server keeps its own. */
  prune(before: Date): Promise<number> {
    return this.database.client.$executeRaw`
      DELETE FROM install_log_lines WHERE (install_id, number) IN (
        SELECT l.install_id, l.number FROM install_log_lines l
        JOIN installs i ON i.id = l.install_id JOIN servers s ON s.id = i.server_id
        WHERE i.finished_at < ${before} AND s.current_install_id IS DISTINCT FROM i.id
        ORDER BY l.install_id, l.number LIMIT ${BATCH})`;
  }
}
