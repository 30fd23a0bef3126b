import type { Server } from '@lab/cli-kit';
import { field } from './description.js';

type BootOrder = NonNullable<Server['status']['bootOrder']>;
type Entries = BootOrder['before'];

const SHOWN = 4;

/** What the firmware tries first: as it is asked for, and as the last install has found and left it. */
export function bootOrderLines(
  wanted: string | null,
  bootMode: string | null,
  known: BootOrder | null | undefined,
): string[] {
  if (bootMode === 'bios') return [field('Boot order', 'not applicable: a BIOS has it in its setup', 2)];
  if (!known) {
    const later = wanted === null ? null : `${spoken(wanted)}, once it is installed`;
    return [field('Boot order', later, 2)];
  }
  const { asked, outcome, kept, before, after } = known;
  const changed = wanted !== null && wanted !== asked ? [`${spoken(wanted)} with the next install`] : [];
  const state = `${stateOf(outcome, kept, asked)}${after === null ? '' : ` (${listed(after)})`}`;
  const lines = [field('Boot order', [state, ...changed].join('; '), 2)];
  if (before !== null) lines.push(continued(`before the install: ${listed(before)}`));
  return lines;
}

/** Under the value of the line before. */
const continued = (text: string): string => field('', text, 2).replace(/^ {2}: /, '    ');

const spoken = (order: string): string => order.replace('-', ' ');

function stateOf(outcome: string, kept: boolean | null, asked: string): string {
  const words: Readonly<Record<string, string>> = {
    refused: `${spoken(asked)} was refused by the firmware`,
    unknown: `${spoken(asked)} was asked for; the firmware's entries could not be read`,
    'no-network-entry': `${spoken(asked)} was asked for; the firmware lists no network entry`,
    'no-disk-entry': `${spoken(asked)} was asked for; the firmware lists no entry of the disk`,
    bios: 'not applicable: a BIOS has it in its setup',
  };
  if (outcome !== 'set') return words[outcome] ?? `${spoken(asked)}: ${outcome}`;
  if (kept === null) return `${spoken(asked)} was set; whether it was kept is not known`;
  return kept ? `${spoken(asked)}, as asked` : `${spoken(asked)} was set, and ignored by the firmware`;
}

function listed(entries: NonNullable<Entries>): string {
  if (entries.length === 0) return 'no entry';
  const labels = entries.slice(0, SHOWN).map(({ label }) => label);
  return `${labels.join(', ')}${entries.length > SHOWN ? ', …' : ''}`;
}
