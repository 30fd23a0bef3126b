import { LabError, toProblem, type Clock, type KindName } from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { asLabError } from '../http/problem.filter.js';
import { CLOCK } from '../injection-tokens.js';
import type { AppliedDto, ApplyResultDto } from './apply.dto.js';
import { changedFields } from './resource-diff.js';
import { parseDocument, record, refuse, statedKind, type ResourceDocument } from './resource-document.js';
import { ResourceQuery } from './resource.query.js';
import { ResourceRegistry } from './resource-registry.js';
import { ResourceService } from './resource.service.js';
import type { ResourceStore, StoreChange } from './resource-store.js';
import { ResourceWriter } from './resource-writer.js';
import { inSavepoint } from './savepoints.repository.js';
import { contentOf } from './resource.js';

/** Documents in one request. */
const MOST_DOCUMENTS = 500;

/** What others name comes before what names them. */
const ORDER: readonly KindName[] = ['Role', 'User', 'Bastion', 'Network', 'Server', 'Cluster'];

interface Item {
  index: number;
  kind: string;
  name: string;
  /** Undefined: it could not be read. */
  parsed: { store: ResourceStore; document: ResourceDocument & { name: string } } | undefined;
  error: unknown;
}

/** Makes resources be as documents say. */
@Injectable()
export class ApplyService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly registry: ResourceRegistry,
    private readonly query: ResourceQuery,
    private readonly writer: ResourceWriter,
    private readonly resources: ResourceService,
  ) {}

  /** All are tried, each in a transaction of its own; a dry run does all in one, so that they see each other, and undoes it. */
  async apply(caller: Caller, body: unknown, dryRun: boolean): Promise<ApplyResultDto> {
    const items = documentsOf(body).map((document, index) => this.#parse(document, index));
    refuseTwins(items);
    const ordered = items.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index);
    const applied = dryRun ? await this.#try(caller, ordered) : await this.#commit(caller, ordered);
    const sorted = applied.toSorted((a, b) => a.index - b.index);
    const failed = sorted.filter(({ action }) => action === 'failed').length;
    return { apiVersion: 'lab/v1', kind: 'ApplyResult', dryRun, failed, items: sorted };
  }

  #try(caller: Caller, items: readonly Item[]): Promise<AppliedDto[]> {
    return this.resources.transaction(true, async (tx) => {
      const applied: AppliedDto[] = [];
      for (const item of items) {
        applied.push(
          await inSavepoint(tx, () => this.#one(tx, caller, item))
            .then(({ result }) => result)
            .catch((error: unknown) => failure(item, error, caller)),
        );
      }
      return applied;
    });
  }

  async #commit(caller: Caller, items: readonly Item[]): Promise<AppliedDto[]> {
    const applied: AppliedDto[] = [];
    for (const item of items) {
      try {
        const { result, change } = await this.resources.transaction(false, (tx) =>
          this.#one(tx, caller, item),
        );
        if (change !== undefined) item.parsed?.store.committed?.(change);
        applied.push(result);
      } catch (error) {
        applied.push(failure(item, error, caller));
      }
    }
    return applied;
  }

  async #one(
    tx: TransactionClient,
    caller: Caller,
    { index, kind, parsed, error }: Item,
  ): Promise<{ result: AppliedDto; change: StoreChange | undefined }> {
    if (parsed === undefined) throw error;
    const { store, document } = parsed;
    const { name } = document;
    const context = { caller, now: new Date(this.clock.now()) };
    const before = await this.query.find(store, caller, name, tx);
    if (before === undefined) {
      const { change } = await this.writer.create(tx, store, context, document);
      const changes = change.after === undefined ? [] : changedFields(NOTHING, contentOf(change.after));
      return { result: { index, kind, name, action: 'created', changes }, change };
    }
    const change = await this.writer.replace(tx, store, context, before, document);
    const changes = change?.after === undefined ? [] : changedFields(before, contentOf(change.after));
    return {
      result: { index, kind, name, action: change === undefined ? 'unchanged' : 'configured', changes },
      change,
    };
  }

  #parse(document: unknown, index: number): Item {
    let kind = '';
    let name = '';
    try {
      kind = statedKind(document);
      const { metadata } = record(document, '');
      const stated: unknown =
        typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'name') : undefined;
      if (typeof stated === 'string') name = stated.slice(0, 253);
      const store = this.registry.storeFor(kind);
      if (!store.kind.verbs.includes('apply')) {
        throw refuse(
          'kind',
          `${store.kind.plural} can't be applied`,
          `What can be done with them: ${store.kind.verbs.join(', ')}.`,
        );
      }
      const parsed = parseDocument(store.kind, document);
      if (parsed.name === undefined) throw refuse('metadata.name', 'is missing');
      return {
        index,
        kind,
        name,
        parsed: { store, document: { ...parsed, name: parsed.name } },
        error: undefined,
      };
    } catch (error) {
      return { index, kind, name, parsed: undefined, error };
    }
  }
}

const NOTHING = { name: '', labels: {}, annotations: {}, spec: {} };

/** One document, several in an array, or a List. */
function documentsOf(body: unknown): readonly unknown[] {
  const documents = Array.isArray(body) ? (body as unknown[]) : itemsOf(body);
  if (documents.length === 0) throw refuse('', 'holds nothing to apply');
  if (documents.length > MOST_DOCUMENTS) {
    throw new LabError(
      'too-large',
      `These are ${documents.length} documents; at most ${MOST_DOCUMENTS} can be applied at once`,
      {
        hint: 'Send them in several requests.',
      },
    );
  }
  return documents;
}

function itemsOf(body: unknown): readonly unknown[] {
  const { kind, items } = record(body, '');
  if (kind !== 'List') return [body];
  if (Array.isArray(items)) return items as unknown[];
  throw refuse('items', 'must be an array');
}

function refuseTwins(items: Item[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    if (item.parsed === undefined) continue;
    const key = `${item.kind}/${item.name}`;
    if (seen.has(key)) {
      item.parsed = undefined;
      item.error = refuse('metadata.name', `${key} is there twice`, 'Write each resource once.');
    }
    seen.add(key);
  }
}

const rank = ({ kind }: Item): number => {
  const place = ORDER.findIndex((name) => name === kind);
  return place === -1 ? ORDER.length : place;
};

function failure({ index, kind, name }: Item, error: unknown, { requestId }: Caller): AppliedDto {
  const known = asLabError(error);
  // The database away is nothing that one document has done.
  if (known.status >= 500) throw error;
  return {
    index,
    kind,
    name,
    action: 'failed',
    changes: [],
    problem: toProblem(known, requestId) as AppliedDto['problem'] & object,
  };
}
