import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { documentText } from '@lab/cli-kit';
import type { Terminal } from '@lab/cli-kit';

/** A resource as it is and as it would be. */
export interface Difference {
  /** A file name: `network.lab`. */
  name: string;
  /** Undefined: it would be created. */
  before: object | undefined;
  after: object;
}

/** Prints the differences with `diff -u -N`, or with the program (and its arguments) that is given. */
export async function showDiff(
  terminal: Terminal,
  differences: readonly Difference[],
  program = 'diff -u -N',
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'labctl-diff-'));
  try {
    const live = join(folder, 'LIVE');
    const merged = join(folder, 'MERGED');
    await mkdir(live);
    await mkdir(merged);
    for (const { name, before, after } of differences) {
      const file = name.replace(/[^A-Za-z0-9.-]/g, '_');
      if (before !== undefined) await writeFile(join(live, file), documentText(before, 'yaml'));
      await writeFile(join(merged, file), documentText(after, 'yaml'));
    }
    const [command = '', ...args] = program.split(/\s+/).filter((word) => word !== '');
    const { code, output } = await run(command, [...args, live, merged]);
    terminal.out(output);
    // diff's own: 0 and 1 say whether there is a difference.
    if (code > 1)
      throw new LabError('environment', `${command} ended with exit code ${code}`, { hint: HINT });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const HINT = 'Set LABCTL_EXTERNAL_DIFF to a program that compares two folders.';

function run(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (cause) => {
      reject(new LabError('environment', `${command} can't be run`, { hint: HINT, cause }));
    });
    child.once('close', (code) => {
      resolve({ code: code ?? 2, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
