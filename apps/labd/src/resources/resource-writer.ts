import { LabError, printable } from '@lab/domain';
import { Prisma, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import { canonicalJson } from '../audit/canonical-json.js';
import { FeedWriter, type FeedChange } from '../feed/feed-writer.repository.js';
import { changedFields } from './resource-diff.js';
import { parseDocument, parseSpec, record, refuse, type ResourceDocument } from './resource-document.js';
import { mergePatch } from './merge-patch.js';
import { noSuchResource, refuseTaken, requireIntent } from './resource-reference.query.js';
import { contentOf, placeOf, type Resource, type ResourceContent } from './resource.js';
import type { ChangeContext, ResourceStore, StoreChange } from './resource-store.js';

/** Changes a resource inside a transaction: rules, permission, version, the write, its audit row and its feed row. */
@Injectable()
export class ResourceWriter {
  constructor(
    private readonly audit: AuditTrail,
    private readonly feed: FeedWriter,
  ) {}

  async create(
    tx: TransactionClient,
    store: ResourceStore,
    context: ChangeContext,
    document: ResourceDocument,
  ): Promise<{ change: StoreChange; secret: Readonly<Record<string, string>> | undefined }> {
    if (store.insert === undefined) throw cannot(store, 'created');
    const name = document.name ?? store.newName?.();
    const content = this.#contentOf(store, { ...document, name }, undefined);
    requireIntent(store, context.caller, 'write', placeOf(content));
    await refuseTaken(tx, store, content.name);
    await store.authorise?.(tx, context.caller, undefined, content);
    const { id, secret } = await store.insert(tx, content, context);
    const after = await reload(tx, store, id);
    const change: StoreChange = { type: 'added', before: undefined, after };
    await this.#record(tx, store, change, 'create', context);
    return { change, secret };
  }

  /** Undefined: it is like that already. */
  async replace(
    tx: TransactionClient,
    store: ResourceStore,
    context: ChangeContext,
    before: Resource,
    document: ResourceDocument,
  ): Promise<StoreChange | undefined> {
    if (store.update === undefined) throw cannot(store, 'changed');
    const content = this.#contentOf(
      store,
      { ...document, name: document.name ?? before.metadata.name },
      before,
    );
    refuseStale(store, before, document.version, content);
    if (changedFields(before, content).length === 0) return undefined;
    requireIntent(store, context.caller, 'write', placeOf(content));
    if (content.name !== before.metadata.name) await refuseTaken(tx, store, content.name);
    await store.authorise?.(tx, context.caller, before, content);
    await store.update(tx, before, content, context);
    const after = await reload(tx, store, before.metadata.id);
    const change: StoreChange = { type: 'modified', before, after };
    await this.#record(tx, store, change, 'update', context);
    return change;
  }

  async patch(
    tx: TransactionClient,
    store: ResourceStore,
    context: ChangeContext,
    before: Resource,
    body: unknown,
  ): Promise<StoreChange | undefined> {
    const { status: _, ...patch } = record(body, '');
    const { name, labels, annotations, spec } = contentOf(before);
    // Without `version` in the patch, any version will do.
    const merged = mergePatch({ metadata: { name, labels, annotations }, spec }, patch);
    return this.replace(tx, store, context, before, parseDocument(store.kind, merged));
  }

  async remove(
    tx: TransactionClient,
    store: ResourceStore,
    context: ChangeContext,
    before: Resource,
  ): Promise<StoreChange> {
    if (store.remove === undefined) throw cannot(store, 'deleted');
    const { name } = before.metadata;
    const dependents = (await store.dependents?.(tx, before)) ?? [];
    if (dependents.length > 0) {
      const shown = dependents.slice(0, 10);
      throw new LabError(
        'in-use',
        `${store.kind.singular}/${name} is needed by ${shown.join(', ')}${dependents.length > shown.length ? ' …' : ''}`,
        { hint: store.inUseHint ?? 'Delete or change those first.', details: { dependents: shown } },
      );
    }
    await store.authorise?.(tx, context.caller, before, undefined);
    await store.remove(tx, before, context);
    const change: StoreChange = { type: 'deleted', before, after: undefined };
    await this.#record(tx, store, change, 'delete', context);
    return change;
  }

  #contentOf(
    store: ResourceStore,
    document: ResourceDocument,
    before: Resource | undefined,
  ): ResourceContent {
    const { name, labels = {}, annotations = {}, spec = {} } = document;
    if (name === undefined) throw refuse('metadata.name', 'is missing');
    if (store.specDto === undefined) throw cannot(store, 'written');
    const parsed = parseSpec(store.specDto, spec);
    return { name, labels, annotations, spec: store.normalise?.(parsed, before?.spec) ?? parsed };
  }

  async #record(
    tx: TransactionClient,
    store: ResourceStore,
    change: StoreChange,
    action: string,
    { caller, now }: ChangeContext,
  ): Promise<void> {
    const resource = change.after ?? change.before;
    if (resource === undefined) return;
    const { cloud, environment } = placeOf(contentOf(resource));
    const { id, name, version } = resource.metadata;
    await this.audit.record(tx, [
      {
        at: now,
        actor: `user:${caller.username}`,
        action,
        kind: store.kind.kind,
        resourceId: id,
        resourceName: name,
        cloud,
        environment,
        before: change.before === undefined ? null : contentOf(change.before),
        after: change.after === undefined ? null : contentOf(change.after),
        requestId: caller.requestId,
        source: caller.address,
      },
    ]);
    if (store.record !== undefined) {
      await store.record(tx, change, now, wasElsewhere(change));
      return;
    }
    const resourceVersion = change.type === 'deleted' ? version + 1 : version;
    const { type } = change;
    await this.feed.record(tx, [
      {
        type,
        at: now,
        kind: store.kind.kind,
        resourceId: id,
        resourceName: name,
        resourceVersion,
        cloud,
        environment,
        object: resource,
        was: wasElsewhere(change),
      },
    ]);
  }
}

/** For watchers, who may have seen it there. */
function wasElsewhere({ before, after }: StoreChange): FeedChange['was'] {
  if (before === undefined || after === undefined) return undefined;
  const seen = (resource: Resource) => ({
    ...placeOf(contentOf(resource)),
    labels: resource.metadata.labels,
  });
  return canonicalJson(seen(before)) === canonicalJson(seen(after)) ? undefined : seen(before);
}

async function reload(tx: TransactionClient, store: ResourceStore, id: string): Promise<Resource> {
  const [resource] = await store.select(tx, Prisma.sql`WHERE r.id = ${id}::UUID`);
  if (resource === undefined) throw noSuchResource(store, id);
  return resource;
}

function refuseStale(
  store: ResourceStore,
  before: Resource,
  version: number | undefined,
  content: ResourceContent,
): void {
  if (version === undefined || version === before.metadata.version) return;
  throw new LabError(
    'stale-version',
    `${store.kind.singular}/${before.metadata.name} has changed: you read version ${version}, and it is at ${before.metadata.version}`,
    {
      hint: 'Read it again, make your change on that, and send it with its version.',
      details: { version: before.metadata.version, differs: changedFields(before, content) },
    },
  );
}

const cannot = ({ kind }: ResourceStore, what: string): LabError =>
  new LabError('invalid', `${kind.plural} can't be ${printable(what)} like this`, {
    hint: `What can be done with them: ${kind.verbs.join(', ')}.`,
  });
