import type { Terminal } from '../terminal/terminal.js';
import { documentText } from './document.js';
import { oneLine } from './neutralise.js';
import { isData, type OutputFormat } from './output-format.js';
import { Table } from './table.js';

/** What a check of `doctor` has found. Only `failed` is an error. */
export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'failed' | 'skipped';
  message: string;
  /** What to do about it. */
  fix?: string;
}

/** Findings by their status. */
export const found = {
  ok: (check: string, message: string): Finding => ({ check, status: 'ok', message }),
  warning: (check: string, message: string, fix: string): Finding => ({
    ...{ check, status: 'warning', message, fix },
  }),
  failed: (check: string, message: string, fix: string | undefined): Finding => ({
    ...{ check, status: 'failed', message },
    ...(fix !== undefined && { fix }),
  }),
  skipped: (check: string, message: string): Finding => ({ check, status: 'skipped', message }),
} as const;

/** What an error says, as a finding. */
export function findingOf(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  const hint: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'hint') : undefined;
  return found.failed(check, message, typeof hint === 'string' ? hint : undefined);
}

/**
 * Prints findings as they come, or all of them as one document in the end. Resolves to whether one of them failed.
 * Their texts are of unknown origin.
 */
export async function reportFindings(
  findings: AsyncIterable<Finding>,
  terminal: Terminal,
  format: OutputFormat,
): Promise<boolean> {
  const all: Finding[] = [];
  const table = new Table(['CHECK', 'STATUS', 'FOUND']);
  for await (const finding of findings) {
    all.push(finding);
    if (isData(format)) continue;
    const { check, status, message, fix } = finding;
    terminal.out(`${table.lines([[check.padEnd(10), status.padEnd(7), oneLine(message)]]).join('\n')}\n`);
    if (fix !== undefined) terminal.out(`  fix: ${oneLine(fix)}\n`);
  }
  if (isData(format)) terminal.out(documentText({ findings: all }, format === 'yaml' ? 'yaml' : 'json'));
  return all.some(({ status }) => status === 'failed');
}
