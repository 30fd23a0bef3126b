import { bytesText, changeText, documentText, oneLine } from '@lab/cli-kit';
import type { Forgotten, OrderPlan, OrderWarning, Ordered, OutputFormat, Terminal } from '@lab/cli-kit';
import { field } from './describe/description.js';
import { tried } from './file-flags.js';

/** What an order will meet, on stderr: also where its answer is data. `server` is named where there are several. */
export function noteWarnings(
  terminal: Terminal,
  server: string | undefined,
  warnings: readonly Pick<OrderWarning, 'type' | 'message' | 'hint'>[],
): void {
  const whose = server === undefined ? '' : `${oneLine(server)}: `;
  for (const { type, message, hint } of warnings) {
    terminal.note(`Warning: ${whose}${oneLine(type)}: ${oneLine(message)}\n`);
    if (hint !== null) terminal.note(`  ${oneLine(hint)}\n`);
  }
}

/** What an order would come to: which disk, what is on it, whether that is erased, where, and why. */
export function dryRunText(answer: Ordered | Forgotten, change: string, format: OutputFormat): string {
  if (format === 'json' || format === 'yaml') return documentText(answer, format);
  const said = changeText(answer, 'server', tried(change, true), format);
  if (format === 'name' || answer.plan === undefined) return said;
  const { plan } = answer;
  const lines = [...placeLines(plan), ...installLines(answer), ...diskLines(plan), field('Why', plan.why, 2)];
  return `${said}${lines.join('\n')}\n`;
}

function placeLines({ bastion }: OrderPlan): string[] {
  return [field('Where', bastion === null ? null : `bastion ${bastion.name} (link ${bastion.link})`, 2)];
}

function installLines(answer: Ordered | Forgotten): string[] {
  const { plan } = answer;
  if (!('status' in answer) || plan === undefined) return [];
  const { phase, install } = answer.status;
  if (plan.action === 'cancel') return [field('Becomes', phase, 2)];
  if (install === null) return [];
  const layout = plan.layout === null ? '' : `, layout ${plan.layout}`;
  const text = `${install.profile} as ${install.role}, host name ${install.hostname}${layout}`;
  return [field('Installs', text, 2)];
}

function diskLines({ action, disk, erases }: OrderPlan): string[] {
  if (action === 'cancel' || action === 'forget') return [field('Erases', 'nothing', 2)];
  if (disk === null) return [field('Disk', 'not known yet', 2), field('Erases', erases ? 'it' : null, 2)];
  const { path, sizeBytes, serial, model, wwn } = disk;
  const known = [
    path,
    bytesText(sizeBytes),
    serial === null ? undefined : `serial ${serial}`,
    serial === null && wwn !== null ? `WWN ${wwn}` : undefined,
    model ?? undefined,
  ].filter((part) => part !== undefined);
  return [
    field('Disk', known.join(', '), 2),
    field('Holds', disk.holds, 2),
    field('Erases', erases ? `${path}: what it holds is lost` : 'nothing', 2),
  ];
}
