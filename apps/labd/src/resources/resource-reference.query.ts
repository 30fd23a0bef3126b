import { LabError, isId, mayDo, permissionFor, formatPermission, printable, type Intent } from '@lab/domain';
import { Prisma, type TransactionClient } from '@lab/database';
import type { Caller } from '../auth/caller.js';
import { grantedBy } from '../rbac/grants-filter.js';
import { byNameOrId } from './resource-list.js';
import type { ResourceRef } from './resource.js';
import type { ResourceStore } from './resource-store.js';

const MOST_CANDIDATES = 10;

/** What the caller may read of a kind, as a condition. */
export const readable = (store: ResourceStore, caller: Caller): Prisma.Sql =>
  store.visible?.(caller) ??
  grantedBy(caller.grants, store.kind.access.read, store.kind.scope, {
    cloud: store.table.cloud,
    environment: store.table.environment,
    name: store.table.name,
  });

/**
 * Finds what a person means by a reference. What the caller may not read doesn't exist for them; what they may read but
 * not change is `not-allowed`; several candidates are `ambiguous`, and listed.
 */
export async function resolveReference(
  tx: TransactionClient,
  store: ResourceStore,
  reference: string,
  caller: Caller,
  intent: Intent,
): Promise<ResourceRef> {
  const { table } = store;
  const condition = store.reference?.(reference) ?? byNameOrId(table.name, reference);
  const found = await tx.$queryRaw<ResourceRef[]>`
    SELECT r.id, ${table.name} AS name, ${table.cloud ?? Prisma.sql`NULL`} AS cloud,
      ${table.environment ?? Prisma.sql`NULL`} AS environment
    FROM ${table.from} WHERE ${condition} AND ${readable(store, caller)}
    ORDER BY ${table.name} LIMIT ${MOST_CANDIDATES + 1}`;
  const exact = found.find(
    ({ name, id }) => name === reference.toLowerCase() || id === reference.toLowerCase(),
  );
  const resource = exact ?? found[0];
  if (resource === undefined) throw noSuchResource(store, reference);
  if (exact === undefined && found.length > 1) throw ambiguous(reference, found);
  if (intent !== 'read') requireIntent(store, caller, intent, resource);
  return resource;
}

/** Raises `not-allowed` unless the caller may do that to the resource, or with one that would be there. */
export function requireIntent(
  store: ResourceStore,
  caller: Caller,
  intent: Intent,
  place: Omit<ResourceRef, 'id'>,
): void {
  if (store.visible !== undefined || mayDo(caller.grants, store.kind, intent, place)) return;
  const needed = permissionFor(store.kind, intent, place);
  throw new LabError('not-allowed', `You may not ${needed.action} ${store.kind.singular} ${place.name}`, {
    hint: 'Ask an administrator for a role with that permission.',
    details: { needed: formatPermission(needed) },
  });
}

export const noSuchResource = ({ kind }: Pick<ResourceStore, 'kind'>, reference: string): LabError =>
  new LabError(
    'not-found',
    `There is no ${kind.singular} ${isId(reference) ? reference : `"${printable(reference)}"`}`,
    {
      hint: `See what there is with: labctl get ${kind.plural}`,
    },
  );

function ambiguous(reference: string, found: readonly ResourceRef[]): LabError {
  const shown = found.slice(0, MOST_CANDIDATES);
  const names = shown.map(({ name }) => name).join(', ');
  return new LabError(
    'ambiguous',
    `"${printable(reference)}" can mean ${names}${found.length > shown.length ? ' …' : ''}`,
    {
      hint: 'Give the full name or the ID.',
      details: { candidates: shown.map(({ id, name }) => ({ name, id })) },
    },
  );
}

/** Names are unique over all clouds and environments, also over what the caller may not read. */
export async function refuseTaken(tx: TransactionClient, store: ResourceStore, name: string): Promise<void> {
  const [taken] = await tx.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM ${store.table.from} WHERE ${byNameOrId(store.table.name, name)}`;
  if (taken === undefined) return;
  throw new LabError('exists', `There is a ${store.kind.singular} ${name} already`, {
    hint: 'Choose another name, or change that one.',
  });
}
