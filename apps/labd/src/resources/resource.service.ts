import { LabError, type Clock } from '@lab/domain';
import type { Database, TransactionClient, TransactionOptions } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Changes } from '../feed/changes.notifier.js';
import { CLOCK, DATABASE } from '../injection-tokens.js';
import { retryUniqueRace } from '../unique-race.js';
import { parseDocument } from './resource-document.js';
import { ResourceQuery } from './resource.query.js';
import type { Resource } from './resource.js';
import type { ResourceStore, StoreChange } from './resource-store.js';
import { ResourceWriter } from './resource-writer.js';

export interface WriteOptions {
  /** Everything is checked, nothing is committed. */
  dryRun?: boolean;
}

/** Thrown to undo a dry run, with what it came to. */
class DryRun {
  constructor(readonly result: unknown) {}
}

/** Writes of every kind, over its store. Each is one transaction: the change, its audit row, its feed row. */
@Injectable()
export class ResourceService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly changes: Changes,
    private readonly query: ResourceQuery,
    private readonly writer: ResourceWriter,
  ) {}

  create(store: ResourceStore, caller: Caller, body: unknown, options: WriteOptions): Promise<Resource> {
    const document = parseDocument(store.kind, body);
    return this.#write(store, options, async (tx, now) => {
      const { change, secret } = await this.writer.create(tx, store, { caller, now }, document);
      return { change, answer: withSecret(change.after, secret) };
    });
  }

  /** PUT: what isn't given is as by default. */
  replace(
    store: ResourceStore,
    caller: Caller,
    reference: string,
    body: unknown,
    options: WriteOptions,
  ): Promise<Resource> {
    const document = parseDocument(store.kind, body);
    return this.#update(store, caller, reference, options, (tx, before, now) =>
      this.writer.replace(tx, store, { caller, now }, before, document),
    );
  }

  /** PATCH: RFC 7396 merge patch of `metadata` and `spec`. */
  patch(
    store: ResourceStore,
    caller: Caller,
    reference: string,
    body: unknown,
    options: WriteOptions,
  ): Promise<Resource> {
    return this.#update(store, caller, reference, options, (tx, before, now) =>
      this.writer.patch(tx, store, { caller, now }, before, body),
    );
  }

  delete(store: ResourceStore, caller: Caller, reference: string, options: WriteOptions): Promise<Resource> {
    return this.#write(store, options, async (tx, now) => {
      const before = await this.query.get(store, caller, reference, 'destroy', tx);
      const change = await this.writer.remove(tx, store, { caller, now }, before);
      return { change, answer: before };
    });
  }

  #update(
    store: ResourceStore,
    caller: Caller,
    reference: string,
    options: WriteOptions,
    update: (tx: TransactionClient, before: Resource, now: Date) => Promise<StoreChange | undefined>,
  ): Promise<Resource> {
    return this.#write(store, options, async (tx, now) => {
      const before = await this.query.get(store, caller, reference, 'write', tx);
      const change = await update(tx, before, now);
      return { change, answer: change?.after ?? before };
    });
  }

  async #write(
    store: ResourceStore,
    { dryRun = false }: WriteOptions,
    work: (
      tx: TransactionClient,
      now: Date,
    ) => Promise<{ change: StoreChange | undefined; answer: Resource | undefined }>,
  ): Promise<Resource> {
    const { change, answer } = await this.transaction(dryRun, (tx) => work(tx, new Date(this.clock.now())));
    if (!dryRun && change !== undefined) store.committed?.(change);
    if (answer === undefined) throw new LabError('internal', 'a write left nothing to show');
    return answer;
  }

  /** A transaction that a dry run rolls back once it has come to its result. */
  async transaction<T>(
    dryRun: boolean,
    work: (tx: TransactionClient) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    try {
      const result = await retryUniqueRace(() =>
        this.database.transaction(async (tx) => {
          const result = await work(tx);
          // eslint-disable-next-line @typescript-eslint/only-throw-error -- no error: the way out of Prisma's transaction
          if (dryRun) throw new DryRun(result);
          return result;
        }, options),
      );
      this.changes.committed();
      return result;
    } catch (thrown) {
      if (thrown instanceof DryRun) return thrown.result as T;
      throw thrown;
    }
  }
}

function withSecret(
  resource: Resource | undefined,
  secret: Readonly<Record<string, string>> | undefined,
): Resource | undefined {
  if (resource === undefined || secret === undefined) return resource;
  return { ...resource, status: { ...resource.status, ...secret } };
}
