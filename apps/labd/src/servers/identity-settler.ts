import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../audit/canonical-json.js';
import { restated } from './identity-conditions.js';
import { signsOf, type Signed } from './machine-record.js';
import { MachinesRepository } from './machines.repository.js';
import { RecordIndex } from './record-index.js';

/** States the identity of servers anew after something other than a report has changed it. */
@Injectable()
export class IdentitySettler {
  constructor(private readonly machines: MachinesRepository) {}

  /**
   * For all servers that share something with one of `records`, as they were or as they are; call it after the writes.
   * Answers those that were changed; who calls writes their feed rows.
   */
  async settle(tx: TransactionClient, records: readonly Signed[], now: Date): Promise<string[]> {
    const signs = signsOf(records);
    await this.machines.lockRelated(tx, signs);
    const known = new RecordIndex(await this.machines.findRelated(tx, signs));
    const concerned = new Set(records.flatMap((record) => [...known.related(record)]));
    const changed = [...concerned].flatMap((id) => {
      const before = known.get(id);
      if (before === undefined) return [];
      const after = restated(before, known, now);
      return canonicalJson(before.conditions) === canonicalJson(after.conditions) ? [] : [after];
    });
    await this.machines.writeConditions(tx, changed, now);
    return changed.map(({ id }) => id);
  }
}
