import { valueAt } from '../output/cells.js';

/** A field that differs: absent `before` was added, absent `after` taken away. */
export interface FieldChange {
  path: string;
  before?: unknown;
  after?: unknown;
}

type Json = Record<string, unknown>;

/** The part of a resource that people write: what labd alone knows is left out. */
export function authored(resource: unknown): Json {
  const of = (path: string): unknown => valueAt(resource, path);
  return {
    apiVersion: of('apiVersion') ?? 'lab/v1',
    kind: of('kind'),
    metadata: {
      name: of('metadata.name'),
      labels: of('metadata.labels') ?? {},
      annotations: of('metadata.annotations') ?? {},
    },
    ...(of('spec') !== undefined && { spec: of('spec') }),
  };
}

/** As {@link authored}, with the version that guards against changes since it was read. */
export function editable(resource: unknown): Json {
  const { metadata, ...others } = authored(resource);
  const { apiVersion, kind, ...rest } = others;
  return {
    apiVersion,
    kind,
    metadata: { ...(metadata as Json), version: valueAt(resource, 'metadata.version') },
    ...rest,
  };
}

/** What it is after those changes. */
export function withChanges(before: Json, changes: readonly FieldChange[]): Json {
  const after = structuredClone(before);
  for (const { path, ...change } of changes) {
    const keys = keysOf(path);
    const last = keys.pop() ?? '';
    let parent = after;
    for (const key of keys) parent = (parent[key] ??= {}) as Json;
    if (Object.hasOwn(change, 'after')) parent[last] = change.after;
    else Reflect.deleteProperty(parent, last);
  }
  return after;
}

/** Labels and annotations have dots in their keys; nothing else has. */
function keysOf(path: string): string[] {
  const map = /^metadata\.(labels|annotations)\.(.+)$/s.exec(path);
  return map === null ? path.split('.') : ['metadata', map[1] ?? '', map[2] ?? ''];
}
