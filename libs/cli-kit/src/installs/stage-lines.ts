import { STAGES, isStageName } from '@lab/domain';
import type { StageState } from '@lab/domain';
import type { InstallStage } from '../api/api-types.js';
import { oneLine } from '../output/neutralise.js';
import { elapsedText } from '../output/quantities.js';

export interface StageStyle {
  colour: boolean;
  utf8: boolean;
}

const MARKS: Record<StageState, { plain: string; utf8: string; colour: string }> = {
  pending: { plain: '.', utf8: '·', colour: '\u001b[2m' },
  running: { plain: '>', utf8: '●', colour: '\u001b[36m' },
  succeeded: { plain: '+', utf8: '✓', colour: '\u001b[32m' },
  failed: { plain: 'x', utf8: '✗', colour: '\u001b[31m' },
};
/** Characters that there must be room for, or a note is left out. */
const LEAST_NOTE = 12;
const RESET = '\u001b[0m';

/** How long the stage took, or has taken until `now`; undefined before its start. */
export function stageElapsed(stage: InstallStage, now: number): number | undefined {
  const started = stage.startedAt === null ? Number.NaN : Date.parse(stage.startedAt);
  if (Number.isNaN(started)) return undefined;
  const ended = stage.endedAt === null ? Number.NaN : Date.parse(stage.endedAt);
  return Math.max(0, (Number.isNaN(ended) ? now : ended) - started);
}

/** One line of the live list: mark, title, elapsed time, and for a running stage how long it usually takes, in seconds. */
export function stageLine(
  stage: InstallStage,
  now: number,
  columns: number,
  style: StageStyle,
  usualSeconds?: number,
): string {
  const { plain, utf8, colour } = MARKS[stage.state];
  const elapsed = stageElapsed(stage, now);
  const took = stage.state === 'pending' || elapsed === undefined ? '' : elapsedText(elapsed);
  const room = Math.max(10, columns - 5);
  const progress = `${oneLine(stage.title).slice(0, 30).padEnd(26)} ${took.padStart(8)}`;
  const said = note(stage, usualSeconds);
  // A few letters of a note say nothing.
  const text = progress.length + LEAST_NOTE > room ? progress : progress + said;
  const cut = text.trimEnd().length > room ? `${text.slice(0, room - 1)}~` : text.trimEnd();
  const mark = style.utf8 ? utf8 : plain;
  return style.colour ? `  ${colour}${mark} ${cut}${RESET}` : `  ${mark} ${cut}`;
}

function note(stage: InstallStage, usualSeconds: number | undefined): string {
  if (stage.message !== null && stage.message !== '') return `  ${oneLine(stage.message)}`;
  if (stage.state !== 'running') return '';
  const seconds = usualSeconds ?? (isStageName(stage.name) ? STAGES[stage.name].expectedSeconds : undefined);
  return seconds === undefined ? '' : `  (usually ${elapsedText(seconds * 1000)})`;
}

/** One change of a stage as a line for a log: `Packages: succeeded (4m12s)`. */
export function stageChange(stage: InstallStage): string {
  const elapsed = stage.state === 'running' || stage.state === 'pending' ? undefined : stageElapsed(stage, 0);
  const took = elapsed === undefined || stage.endedAt === null ? '' : ` (${elapsedText(elapsed)})`;
  const said = stage.message === null || stage.message === '' ? '' : `: ${oneLine(stage.message)}`;
  return `${oneLine(stage.title)}: ${stage.state}${took}${said}`;
}
