import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pagedOutput } from './pager.js';
import type { Terminal } from './terminal.js';

describe('a pager', () => {
  let folder: string;
  const before = process.env['PATH'];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lab-pager-'));
    // As in a PATH with a folder that isn't the user's: exec says EACCES and not ENOENT. A file that may not be executed does
    // the same for root, who may read every folder.
    mkdirSync(join(folder, 'locked'));
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/forbidden'), '#!/bin/sh\n', { mode: 0o644 });
    chmodSync(join(folder, 'locked'), 0);
    process.env['PATH'] = `${join(folder, 'locked')}:${join(folder, 'bin')}:${before ?? ''}`;
  });
  afterEach(() => {
    process.env['PATH'] = before;
    chmodSync(join(folder, 'locked'), 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  /** A screen of two rows. */
  const terminal: Terminal = {
    out: () => undefined,
    note: () => undefined,
    live: false,
    interactive: false,
    colour: false,
    utf8: true,
    page: { rows: 2, columns: 80 },
    columns: () => 80,
    rows: () => 2,
  };
  const page = async (command: string): Promise<void> => {
    const output = pagedOutput(terminal, command);
    await output.write('one\ntwo\nthree\n');
    await output.end();
  };

  it.each(['no-such-pager', 'forbidden', 'BIN/forbidden -R', 'no-such-pager 2>/dev/null', 'exit 126'])(
    'that can not be run, "%s", is an error with a hint, whichever way the shell says so',
    async (typed) => {
      const command = typed.replace('BIN', join(folder, 'bin'));
      await expect(page(command)).rejects.toMatchObject({
        code: 'environment',
        message: `the pager can't be run: ${command}`,
        hint: 'Set LABCTL_PAGER to one that is there, or to cat.',
      });
    },
  );

  it('that is closed before the end is no error', async () => {
    const output = pagedOutput(terminal, 'head -n 1 >/dev/null');
    let wanted = true;
    for (let line = 0; wanted && line < 100_000; line += 1)
      wanted = await output.write(`${'x'.repeat(200)}\n`);
    await output.end();
    expect(wanted).toBe(false);
  });

  it('is the person’s shell command, and its exit code is its own affair', async () => {
    await page(`cat >'${join(folder, 'shown')}'; exit 3`);
    expect(readFileSync(join(folder, 'shown'), 'utf8')).toBe('one\ntwo\nthree\n');
  });
});
