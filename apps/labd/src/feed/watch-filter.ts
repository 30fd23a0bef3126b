import {
  LabError,
  RESOURCE_KINDS,
  kindNamed,
  matchesLabels,
  mayDo,
  parseLabelSelector,
  printable,
  type LabelRequirement,
  type Permission,
  type ResourceKind,
} from '@lab/domain';
import type { NumberedChange } from './feed-log.repository.js';

/** What somebody watches. */
export interface WatchFilter {
  /** By kind; those of the catalog that can be watched, or the asked ones. */
  kinds: ReadonlyMap<string, ResourceKind>;
  labels: readonly LabelRequirement[];
  name: string | undefined;
  id: string | undefined;
  cloud: string | undefined;
  environment: string | undefined;
}

export interface WatchQuery {
  kinds?: string | undefined;
  labelSelector?: string | undefined;
  name?: string | undefined;
  cloud?: string | undefined;
  environment?: string | undefined;
}

/** Raises `invalid` that names the parameter. */
export function parseWatchFilter(query: WatchQuery): WatchFilter {
  const { name, cloud, environment } = query;
  const kinds =
    query.kinds === undefined ? WATCHABLE : query.kinds.split(',').map((kind) => watchable(kind.trim()));
  return {
    kinds: new Map(kinds.map((kind) => [kind.kind, kind])),
    labels: parseLabelSelector(query.labelSelector ?? ''),
    name: name?.toLowerCase(),
    id: undefined,
    cloud,
    environment,
  };
}

const WATCHABLE: readonly ResourceKind[] = RESOURCE_KINDS.filter((kind: ResourceKind) =>
  kind.verbs.includes('watch'),
);

/** The kind of that name, if it can be watched. */
export function watchable(name: string): ResourceKind {
  const kind = kindNamed<ResourceKind>(name, WATCHABLE);
  if (kind !== undefined) return kind;
  throw new LabError('invalid', `kinds: "${printable(name)}" can't be watched`, {
    hint: `Watch ${WATCHABLE.map(({ plural }) => plural).join(', ')}.`,
    errors: [{ path: 'kinds', message: 'names a kind that is unknown or has no changes to watch' }],
  });
}

/**
 * What the change is to a watcher: something that they see from now on was `added`, something that they don't see any more
 * was `deleted`, whatever the change itself was. Undefined: nothing to them.
 */
export function seenAs(
  filter: WatchFilter,
  grants: readonly Permission[],
  change: NumberedChange,
): NumberedChange['type'] | undefined {
  const kind = filter.kinds.get(change.kind);
  if (kind === undefined || (filter.id !== undefined && filter.id !== change.resource_id)) return undefined;
  const labels = change.object.metadata?.labels ?? {};
  const now: Seen = {
    name: change.resource_name,
    cloud: change.cloud,
    environment: change.environment,
    labels,
  };
  const sees = isSeen(filter, kind, grants, now);
  if (change.type !== 'modified') return sees ? change.type : undefined;
  const saw = change.was === null ? sees : isSeen(filter, kind, grants, change.was);
  if (sees) return saw ? 'modified' : 'added';
  return saw ? 'deleted' : undefined;
}

type Seen = NonNullable<NumberedChange['was']>;

const isSeen = (
  filter: WatchFilter,
  kind: ResourceKind,
  grants: readonly Permission[],
  seen: Seen,
): boolean =>
  (filter.name === undefined || filter.name === seen.name) &&
  (filter.cloud === undefined || filter.cloud === seen.cloud) &&
  (filter.environment === undefined || filter.environment === seen.environment) &&
  matchesLabels(seen.labels, filter.labels) &&
  mayDo(grants, kind, 'read', seen);
