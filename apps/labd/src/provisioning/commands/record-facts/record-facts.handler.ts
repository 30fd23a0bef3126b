import { LabError, type Clock } from '@lab/domain';
import { isSerializationFailure, sqlStateOf, type Database, type TransactionClient } from '@lab/database';
import type { SpooledFact } from '@lab/protocol';
import { Inject } from '@nestjs/common';
import { CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import { UnconfirmedServers } from '../../../bastions/unconfirmed-servers.service.js';
import { StreamsRepository } from '../../../bastions/streams.repository.js';
import { Changes } from '../../../feed/changes.notifier.js';
import { CLOCK, DATABASE, LOGGER } from '../../../injection-tokens.js';
import { reportedMachine } from '../../../servers/reported-machine.js';
import { ServerChanges, type ServerChange } from '../../../servers/server-changes.repository.js';
import { LogRecorder } from '../../log-recorder.js';
import { ProgressRecorder } from '../../progress-recorder.js';
import { RegisterMachine } from '../register-machine/register-machine.command.js';
import { retryUniqueRace } from '../../../unique-race.js';
import { inBatches } from './fact-batches.js';
import { RecordFacts } from './record-facts.command.js';
import { storable, storableTime } from '../../storable.js';

/** What a committed batch has touched, for those who follow. */
interface Touched {
  bastionIds: Set<string>;
  installIds: Set<string>;
  /** Servers that nobody knew were discovered. */
  discovered: boolean;
}

@CommandHandler(RecordFacts)
export class RecordFactsHandler implements ICommandHandler<RecordFacts> {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
    private readonly commands: CommandBus,
    private readonly streams: StreamsRepository,
    private readonly progress: ProgressRecorder,
    private readonly logs: LogRecorder,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
    private readonly unconfirmed: UnconfirmedServers,
  ) {}

  async execute(command: RecordFacts): Promise<void> {
    for (const batch of inBatches(command.facts)) await this.#commitOrSplit(command, batch);
  }

  /** A fact that the database refuses must not stop those behind it: the batch is tried one by one, and it is left out. */
  async #commitOrSplit(command: RecordFacts, batch: readonly SpooledFact[]): Promise<void> {
    try {
      await retryUniqueRace(() => this.#commit(command, batch, 'apply'));
    } catch (err) {
      if (!isPoison(err)) throw err;
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) {
        const { bastion, stream } = command;
        this.log.error(
          { err, bastion: bastion.name, stream, seq: only.seq },
          'a fact could not be applied and was left out',
        );
        await this.#commit(command, batch, 'leave out');
      } else {
        for (const fact of batch) await this.#commitOrSplit(command, [fact]);
      }
    }
  }

  async #commit(
    command: RecordFacts,
    batch: readonly SpooledFact[],
    what: 'apply' | 'leave out',
  ): Promise<void> {
    const { bastion, stream, epoch } = command;
    const last = batch.at(-1);
    if (last === undefined) return;
    const now = new Date(this.clock.now());
    const touched = await this.database.transaction(
      async (tx) => {
        const committed = await this.streams.position(tx, bastion.id, stream, epoch);
        const fresh = batch.filter(({ seq }) => seq > committed);
        const touched: Touched = { bastionIds: new Set(), installIds: new Set(), discovered: false };
        if (fresh.length === 0) return touched;
        if (what === 'apply') await this.#apply(tx, command, fresh, now, touched);
        await this.streams.advance(tx, bastion.id, stream, epoch, last.seq);
        return touched;
      },
      // The position's row is locked, and what progress reads; lines are appended. Which machines are the same depends on
      // rows that aren't there.
      {
        isolation: batch.some(({ fact }) => fact.type === 'bastion-state-sync')
          ? 'serializable'
          : 'read-committed',
      },
    );
    this.changes.serversChanged(touched.bastionIds);
    this.changes.installsChanged(touched.installIds);
    if (touched.discovered) this.unconfirmed.added(bastion);
  }

  async #apply(
    tx: TransactionClient,
    { bastion }: RecordFacts,
    facts: readonly SpooledFact[],
    now: Date,
    touched: Touched,
  ): Promise<void> {
    const clean = facts.map(({ fact }) => storable(fact));
    const machines = clean.flatMap((fact) =>
      fact.type === 'bastion-state-sync'
        ? fact.payload.machines.map((machine) => reportedMachine(machine, storableTime(machine.seenAt, now)))
        : [],
    );
    const reports = clean.flatMap((fact) => (fact.type === 'bastion-progress' ? [fact.payload] : []));
    const batches = clean.flatMap((fact) => (fact.type === 'bastion-log' ? [fact.payload] : []));

    const changes: ServerChange[] = [];
    if (machines.length > 0) {
      const registered = await this.commands.execute(new RegisterMachine(tx, bastion, machines, now));
      changes.push(...registered.changes);
      touched.discovered ||= registered.changes.some(({ type }) => type === 'added');
      await this.serverChanges.releaseFrom(tx, registered.releasedFrom);
      for (const id of [...registered.releasedFrom, ...registered.bastionIds]) touched.bastionIds.add(id);
    }
    if (reports.length > 0) {
      const recorded = await this.progress.record(tx, bastion, reports, now);
      changes.push(...recorded.changes);
      for (const id of recorded.installIds) touched.installIds.add(id);
    }
    if (batches.length > 0) {
      for (const id of await this.logs.record(tx, bastion, batches, now)) touched.installIds.add(id);
    }
    await this.serverChanges.record(tx, changes, now);
    if (changes.length > 0) touched.bastionIds.add(bastion.id);
  }
}

/** Whether the database refuses the data itself (SQLSTATE classes 22 and 23): trying again won't help. */
function isPoison(error: unknown): boolean {
  if (error instanceof LabError || isSerializationFailure(error)) return false;
  const state = sqlStateOf(error);
  return state === undefined
    ? error instanceof TypeError || error instanceof RangeError
    : /^2[23]/.test(state);
}
