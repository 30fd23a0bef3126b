import type { Intent } from '@lab/domain';
import { Prisma, type Database, type TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { DATABASE } from '../injection-tokens.js';
import { cursorAfter, pageTail, parseListQuery, project, sortKeyOf } from './resource-list.js';
import { noSuchResource, readable, requireIntent, resolveReference } from './resource-reference.query.js';
import { contentOf, placeOf, type Resource } from './resource.js';
import type { ResourceStore } from './resource-store.js';

/** A page of resources. */
export interface ResourceList {
  apiVersion: 'lab/v1';
  kind: 'List';
  metadata: { continue: string | null };
  items: Resource[];
}

/** Reads of every kind, over its store: a constant number of statements. */
@Injectable()
export class ResourceQuery {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async list(
    store: ResourceStore,
    caller: Caller,
    query: Readonly<Record<string, unknown>>,
  ): Promise<ResourceList> {
    const asked = parseListQuery(store.kind, query);
    const tail = pageTail(store.table, asked, readable(store, caller));
    const found = await store.select(this.database.reader, tail, asked.fields);
    const items = found.slice(0, asked.limit);
    const last = found.length > asked.limit ? items.at(-1) : undefined;
    const next = last === undefined ? null : cursorAfter(asked, sortKeyOf(store.table, asked), last);
    return {
      apiVersion: 'lab/v1',
      kind: 'List',
      metadata: { continue: next },
      items: asked.fields === undefined ? items : items.map((item) => project(item, asked.fields)),
    };
  }

  /** The resource that the reference means, if the caller may do that with it; `tx` to see what a transaction has written. */
  async get(
    store: ResourceStore,
    caller: Caller,
    reference: string,
    intent: Intent = 'read',
    tx: TransactionClient = this.database.client,
  ): Promise<Resource> {
    const { id } = await resolveReference(tx, store, reference, caller, intent);
    const [resource] = await store.select(tx, Prisma.sql`WHERE r.id = ${id}::UUID`);
    if (resource === undefined) throw noSuchResource(store, reference);
    return resource;
  }

  /** The resource of that very name, to be changed; undefined if there is none that the caller may read. */
  async find(
    store: ResourceStore,
    caller: Caller,
    name: string,
    tx: TransactionClient,
  ): Promise<Resource | undefined> {
    const [resource] = await store.select(
      tx,
      Prisma.sql`WHERE ${store.table.name} = ${name} AND ${readable(store, caller)}`,
    );
    if (resource !== undefined) requireIntent(store, caller, 'write', placeOf(contentOf(resource)));
    return resource;
  }
}
