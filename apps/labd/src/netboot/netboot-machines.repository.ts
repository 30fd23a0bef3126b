import type { Database } from '@lab/database';
import type { Netboot } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { storableTime } from '../provisioning/storable.js';

/** Machines of one bastion of which events are kept; one that is no server yet may become one. */
export const MOST_MACHINES = 5000;
/** Rows that are deleted in one statement. */
const BATCH = 1000;

/** What machines met on their way to their kernels, as the bastions tell it. */
@Injectable()
export class NetbootMachines {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Replaces what was told of these machines. Of too many, those go first that are no servers, then those not heard of for long. */
  async record(bastionId: string, machines: Netboot['machines'], now: Date): Promise<void> {
    const rows = [...new Map(machines.map((machine) => [machine.mac, machine])).values()].map(
      ({ mac, events }) => ({
        mac,
        events: events.map((event) => ({ ...event, at: storableTime(event.at, now).toISOString() })),
      }),
    );
    await this.database.transaction(
      async (tx) => {
        await tx.$executeRaw`
          INSERT INTO netboot_machines (bastion_id, mac, events, heard_at)
          SELECT ${bastionId}::UUID, v.mac, v.events, ${now}
          FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(mac TEXT, events JSONB)
          ON CONFLICT (bastion_id, mac) DO UPDATE SET events = excluded.events, heard_at = excluded.heard_at`;
        const kept = await tx.netbootMachine.count({ where: { bastionId } });
        if (kept <= MOST_MACHINES) return;
        await tx.$executeRaw`
          DELETE FROM netboot_machines WHERE bastion_id = ${bastionId}::UUID AND mac IN (
            SELECT m.mac FROM netboot_machines m WHERE m.bastion_id = ${bastionId}::UUID
            ORDER BY EXISTS (SELECT 1 FROM server_nics n WHERE n.mac = m.mac), m.heard_at, m.mac
            LIMIT ${kept - MOST_MACHINES})`;
      },
      // It depends on nothing that others write: who comes later counts what was committed before.
      { isolation: 'read-committed' },
    );
  }

  /** Deletes some of those that were not heard of since then. */
  prune(before: Date): Promise<number> {
    return this.database.client.$executeRaw`
      DELETE FROM netboot_machines WHERE (bastion_id, mac) IN (
        SELECT m.bastion_id, m.mac FROM netboot_machines m WHERE m.heard_at < ${before} LIMIT ${BATCH})`;
  }
}
