import { LabError, kindNamed } from '@lab/domain';
import type { LabErrorCode, PrintedKind } from '@lab/domain';
import type { Applied } from '../api/resource-client.js';
import type { SourceDocument } from '../resources/documents.js';
import { oneLine } from './neutralise.js';

/** `network/lab`; of a kind that isn't known, `Gizmo/x`. */
export function appliedName(
  { kind, name }: Pick<Applied, 'kind' | 'name'>,
  kinds: readonly PrintedKind[],
): string {
  const known = kindNamed(kind, kinds)?.singular ?? (kind === '' ? '<no kind>' : kind);
  return `${oneLine(known)}/${oneLine(name === '' ? '<no name>' : name)}`;
}

/** Why a document failed, with where it stands. */
export function appliedError(
  item: Applied,
  documents: readonly SourceDocument[],
  kinds: readonly PrintedKind[],
): LabError {
  const { problem } = item;
  const where = documents[item.index]?.where;
  const at = where === undefined ? '' : ` (${oneLine(where)})`;
  return new LabError(
    (problem?.code ?? 'invalid') as LabErrorCode,
    `${appliedName(item, kinds)}${at}: ${problem?.detail ?? 'was refused without a reason'}`,
    {
      ...(problem?.hint !== undefined && { hint: problem.hint }),
      errors: problem?.errors ?? [],
    },
  );
}
