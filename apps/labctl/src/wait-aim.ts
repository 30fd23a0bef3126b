import { SERVER_PHASES } from '@lab/domain';
import type { ServerPhase } from '@lab/domain';
import { oneLine, similarTo, usageError } from '@lab/cli-kit';
import type { Server } from '@lab/cli-kit';

/** What `wait --for` waits for. */
export type Aim =
  | { type: 'phase'; phase: ServerPhase }
  | { type: 'condition'; name: string; value: string }
  | { type: 'delete' };

/** Reads `phase=installed`, `condition=Stuck[=True]` or `delete`. Raises a usage error. */
export function parseAim(text: string): Aim {
  const [type, name, value, ...rest] = text.split('=');
  if (type === 'delete' && name === undefined) return { type };
  if (rest.length === 0 && name !== undefined && name !== '') {
    if (type === 'phase' && value === undefined) return { type, phase: phaseNamed(name) };
    if (type === 'condition') return { type, name, value: value ?? 'True' };
  }
  throw usageError(
    `--for=${oneLine(text)}: this can't be waited for`,
    'Write phase=installed, condition=Stuck=False or delete.',
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

/** Whether the server is as aimed for; undefined is a server that is gone. A condition that isn't stated is False. */
export function isMet(aim: Aim, server: Server | undefined): boolean {
  if (aim.type === 'delete') return server === undefined;
  if (server === undefined) return false;
  if (aim.type === 'phase') return server.status.phase === aim.phase;
  const stated =
    server.status.conditions.find((condition) => same(condition.type, aim.name))?.status ?? 'False';
  return same(stated, aim.value);
}

/** A failed server doesn't get installed by waiting. */
export const isOutOfReach = (aim: Aim, server: Server): boolean =>
  aim.type === 'phase' && aim.phase === 'installed' && server.status.phase === 'failed';

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
