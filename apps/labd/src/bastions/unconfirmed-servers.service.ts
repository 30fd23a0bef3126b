import type { Clock } from '@lab/domain';
import type { Database } from '@lab/database';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import { Changes } from '../feed/changes.notifier.js';
import { CLOCK, DATABASE, LOGGER, SETTINGS, type Settings } from '../injection-tokens.js';
import type { ReportingBastion } from '../servers/machine-registry.js';
import { IdentitySettler } from '../servers/identity-settler.js';
import { MachinesRepository } from '../servers/machines.repository.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import { ServerListQuery } from '../servers/server-list.query.js';
import { UnconfirmedServersRepository } from '../servers/unconfirmed-servers.repository.js';
import { BastionConditions, UNCONFIRMED_DROPPED } from './bastion-conditions.repository.js';

/**
 * Keeps what nobody has confirmed within bounds: anyone on a machines' network may invent machines. Of a bastion that has too
 * many, those go first that were heard of longest ago; a machine that still waits in discovery is heard of.
 */
@Injectable()
export class UnconfirmedServers implements OnApplicationShutdown {
  readonly #running = new Map<string, Promise<void>>();
  readonly #wanted = new Set<string>();
  #stopped = false;

  constructor(
    private readonly repository: UnconfirmedServersRepository,
    private readonly servers: ServerListQuery,
    private readonly machines: MachinesRepository,
    private readonly settler: IdentitySettler,
    private readonly serverChanges: ServerChanges,
    private readonly conditions: BastionConditions,
    private readonly audit: AuditTrail,
    private readonly changes: Changes,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running.values());
  }

  /** The bastion has new servers. Looks in the background, once at a time for a bastion. */
  added(bastion: ReportingBastion): void {
    this.#wanted.add(bastion.id);
    if (this.#running.has(bastion.id)) return;
    const running = this.#look(bastion)
      .catch((err: unknown) => {
        this.log.error(
          { err, bastion: bastion.name },
          'unconfirmed servers could not be bounded; the next new one tries again',
        );
      })
      .finally(() => this.#running.delete(bastion.id));
    this.#running.set(bastion.id, running);
  }

  async #look(bastion: ReportingBastion): Promise<void> {
    while (this.#wanted.delete(bastion.id) && !this.#stopped) {
      if ((await this.bound(bastion)) > 0) this.#wanted.add(bastion.id);
    }
  }

  /** Takes the condition back from bastions that are within the bound again, with some room. */
  async settle(): Promise<void> {
    const now = new Date(this.clock.now());
    const settled = await this.database.transaction(
      async (tx) => {
        const ids = await this.repository.bastionsWithin(
          tx,
          UNCONFIRMED_DROPPED,
          Math.floor(this.settings.maxUnconfirmed * 0.9),
        );
        for (const id of ids) await this.conditions.replace(tx, id, 'own', [], now);
        return ids;
      },
      { isolation: 'read-committed' },
    );
    if (settled.length > 0) this.changes.committed();
  }

  /** Drops what is beyond the bound, in one transaction. Answers how many. */
  async bound(bastion: ReportingBastion): Promise<number> {
    const now = new Date(this.clock.now());
    const most = this.settings.maxUnconfirmed;
    const dropped = await this.database.transaction(
      async (tx) => {
        const beyond = await this.repository.beyond(tx, bastion.id, most);
        const ids = beyond.length === 0 ? [] : await this.repository.lock(tx, beyond);
        if (ids.length === 0) return [];
        const resources = await this.servers.byIds(ids, tx);
        const records = await this.machines.byIds(tx, ids);
        await this.repository.remove(tx, ids);
        // What they shared with others is theirs alone now.
        const restated = await this.settler.settle(tx, records, now);
        await this.audit.record(
          tx,
          resources.map(({ metadata, spec, status }) => ({
            at: now,
            actor: 'labd',
            action: 'drop-unconfirmed',
            kind: 'Server',
            resourceId: metadata.id,
            resourceName: metadata.name,
            cloud: spec.cloud ?? null,
            environment: spec.environment ?? null,
            before: { mac: status.mac, lastSeenAt: status.lastSeenAt, bastion: status.bastion },
            source: 'labd',
          })),
        );
        await this.serverChanges.record(
          tx,
          [
            ...resources.map((server) => ({ type: 'deleted' as const, server })),
            ...restated.map((id) => ({ type: 'modified' as const, id })),
          ],
          now,
        );
        await this.conditions.replace(tx, bastion.id, 'own', [droppedCondition(most, now)], now);
        return ids;
      },
      // The rows that go are locked first.
      { isolation: 'read-committed' },
    );
    if (dropped.length > 0) {
      this.log.warn({ bastion: bastion.name, dropped: dropped.length }, 'unconfirmed servers were dropped');
      this.changes.serversChanged([bastion.id], dropped);
    }
    return dropped.length;
  }
}

const droppedCondition = (most: number, now: Date) => ({
  type: UNCONFIRMED_DROPPED,
  status: 'True',
  since: now.toISOString(),
  reason: 'TooManyUnconfirmed',
  message: `This bastion has discovered more than ${most} servers that nobody has confirmed: those that were heard of longest ago were dropped, and more will be. Name or label those that are yours, and find out who invents machines.`,
});
