import { canonicalJson } from '../audit/canonical-json.js';
import { contentOf, type Resource, type ResourceContent } from './resource.js';

/** A field that differs. */
export interface FieldChange {
  /** `spec.vlan`, `metadata.labels.rack` */
  path: string;
  /** Not there: it was added. */
  before?: unknown;
  /** Not there: it was taken away. */
  after?: unknown;
}

const MOST_CHANGES = 200;

/** What differs in what people write. */
export function changedFields(before: Resource | ResourceContent, after: ResourceContent): FieldChange[] {
  const old = 'metadata' in before ? contentOf(before) : before;
  const changes: FieldChange[] = [];
  compare('metadata.name', old.name, after.name, changes);
  compare('metadata.labels', old.labels, after.labels, changes);
  compare('metadata.annotations', old.annotations, after.annotations, changes);
  compare('spec', old.spec, after.spec, changes);
  return changes.slice(0, MOST_CHANGES);
}

function compare(path: string, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (isPlain(before) && isPlain(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(`${path}.${key}`, before[key], after[key], changes);
    return;
  }
  if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return;
  changes.push({
    path,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  });
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
