import { kindNamed } from '@lab/domain';
import { textAt, usageError, valueAt, watchResources } from '@lab/cli-kit';
import type { LabClient, Selection } from '@lab/cli-kit';
import type { ListOutput } from './list-output.js';
import type { ResourcePages } from './resource-pages.js';

export interface WatchedSelections {
  selections: readonly Selection[];
  filters: Readonly<Record<string, string | undefined>>;
  /** Not what there is already. */
  onlyChanges: boolean;
  /** Each change with its type. */
  events: boolean;
}

/** What labd narrows a watch by itself. */
const OF_LABD = ['labelSelector', 'cloud', 'environment'];
/** Where the other filters' values are in a resource. */
const PATHS: Readonly<Record<string, string>> = {
  role: 'spec.role',
  status: 'status.phase',
  bastion: 'status.bastion.name',
  cluster: 'status.cluster.name',
};

/** Prints what there is, then what changes, until the command is ended. */
export async function watchSelections(
  client: LabClient,
  output: ListOutput,
  pages: ResourcePages,
  { selections, filters, onlyChanges, events }: WatchedSelections,
): Promise<void> {
  const query = Object.fromEntries(OF_LABD.map((name) => [name, filters[name]]));
  const others = Object.entries(filters).filter(
    ([name, value]) => !OF_LABD.includes(name) && value !== undefined,
  );
  const unknown = others.find(([name]) => name !== 'condition' && PATHS[name] === undefined);
  if (unknown !== undefined)
    throw usageError(`a watch can't be narrowed by ${unknown[0]}`, 'Use a label: -l KEY=VALUE.');
  const kinds = selections.map(({ kind }) => kind);
  const versions = new Map<string, number>();
  const changes = watchResources(client, {
    kinds,
    query,
    ready: async () => {
      if (!onlyChanges) await output.list(selections, remembering(pages, versions));
    },
  });
  for await (const { type, kind: name, object } of changes) {
    const kind = kindNamed(name, kinds);
    const selection = selections.find((one) => one.kind === kind);
    if (kind === undefined || selection === undefined || !isNamed(object, selection.refs)) continue;
    if (others.some(([filter, value]) => !isSelected(object, filter, value))) continue;
    // The list may have shown it as it is now.
    const id = textAt(object, 'metadata.id') ?? '';
    const version = Number(valueAt(object, 'metadata.version'));
    if (type !== 'deleted' && version <= (versions.get(id) ?? -1)) continue;
    versions.set(id, version);
    output.change(kind, { type, object }, events);
  }
}

function isSelected(object: unknown, filter: string, value: string | undefined): boolean {
  if (filter !== 'condition') return valueAt(object, PATHS[filter] ?? '') === value;
  const wanted = new Set(value?.toLowerCase().split(','));
  const stated = valueAt(object, 'status.conditions');
  return (Array.isArray(stated) ? (stated as unknown[]) : []).some(
    (condition) =>
      textAt(condition, 'status') === 'True' && wanted.has(textAt(condition, 'type')?.toLowerCase() ?? ''),
  );
}

const isNamed = (object: unknown, refs: readonly string[]): boolean =>
  refs.length === 0 ||
  ['metadata.name', 'metadata.id', 'status.mac'].some((path) => refs.includes(textAt(object, path) ?? ''));

/** The same pages, whose resources' versions are kept. */
function remembering(pages: ResourcePages, versions: Map<string, number>): Pick<ResourcePages, 'of'> {
  return {
    async *of(selection) {
      for await (const page of pages.of(selection)) {
        for (const resource of page)
          versions.set(textAt(resource, 'metadata.id') ?? '', Number(valueAt(resource, 'metadata.version')));
        yield page;
      }
    },
  };
}
