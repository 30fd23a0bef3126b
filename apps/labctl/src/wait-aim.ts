import { SERVER_PHASES } from '@lab/domain';
import type { ServerPhase } from '@lab/domain';
import { oneLine, parsePath, similarTo, textAt, usageError, valueAt, valueText } from '@lab/cli-kit';

/** What `wait --for` waits for. */
export type Aim =
  | { type: 'phase'; phase: ServerPhase }
  | { type: 'condition'; name: string; value: string }
  /** Any of the values at the path; without a value: there is one. */
  | { type: 'jsonpath'; values: (resource: unknown) => unknown[]; value: string | undefined }
  | { type: 'delete' };

/** Reads `phase=installed`, `condition=Stuck[=True]`, `jsonpath={.status.link}[=up]` or `delete`. Raises a usage error. */
export function parseAim(text: string): Aim {
  const path = /^jsonpath=(\{.*?\})(?:=(.*))?$/s.exec(text);
  if (path !== null) return { type: 'jsonpath', values: parsePath(path[1] ?? ''), value: path[2] };
  const [type, name, value, ...rest] = text.split('=');
  if (type === 'delete' && name === undefined) return { type };
  if (rest.length === 0 && name !== undefined && name !== '') {
    if (type === 'phase' && value === undefined) return { type, phase: phaseNamed(name) };
    if (type === 'condition') return { type, name, value: value ?? 'True' };
  }
  throw usageError(
    `--for=${oneLine(text)}: this can't be waited for`,
    "Write phase=installed, condition=Stuck=False, jsonpath='{.status.link}'=up or delete.",
  );
}

function phaseNamed(name: string): ServerPhase {
  const phase = SERVER_PHASES.find((known) => known === name.toLowerCase());
  if (phase !== undefined) return phase;
  const similar = similarTo(name, SERVER_PHASES);
  const meant = similar.length > 0 ? `Did you mean ${similar.join(' or ')}? ` : '';
  throw usageError(
    `--for: there is no phase "${oneLine(name)}"`,
    `${meant}Phases: ${SERVER_PHASES.join(', ')}.`,
  );
}

/** Whether the resource is as aimed for; undefined is one that is gone. A condition that isn't stated is False. */
export function isMet(aim: Aim, resource: unknown): boolean {
  if (aim.type === 'delete') return resource === undefined;
  if (resource === undefined) return false;
  if (aim.type === 'phase') return textAt(resource, 'status.phase') === aim.phase;
  if (aim.type === 'jsonpath') {
    const found = aim.values(resource).map(valueText);
    return aim.value === undefined ? found.length > 0 : found.includes(aim.value);
  }
  const conditions = valueAt(resource, 'status.conditions');
  const stated = (Array.isArray(conditions) ? (conditions as unknown[]) : []).find((condition) =>
    same(textAt(condition, 'type') ?? '', aim.name),
  );
  return same(textAt(stated, 'status') ?? 'False', aim.value);
}

/** A failed server doesn't get installed by waiting. */
export const isOutOfReach = (aim: Aim, resource: unknown): boolean =>
  aim.type === 'phase' && aim.phase === 'installed' && textAt(resource, 'status.phase') === 'failed';

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
