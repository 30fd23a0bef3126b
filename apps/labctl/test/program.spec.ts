import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const app = join(import.meta.dirname, '..');
const run = promisify(execFile);

interface Manifest {
  commands: Record<string, { hidden?: boolean; summary?: string; examples?: string[] }>;
}

describe('labctl as it is published', () => {
  it('says in one line that Node is too old', async () => {
    const program = join(app, 'bin/run.js');
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '20.19.0' }); require('${program}')`;
    await expect(run(process.execPath, ['-e', pretend])).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^labctl needs Node\.js 22 or newer; this is v[\d.]+ \(.*\)\n$/),
    });
  });

  it('has a sentence and an example for every command', () => {
    const { commands } = JSON.parse(
      readFileSync(join(app, 'dist/bundle/oclif.manifest.json'), 'utf8'),
    ) as Manifest;
    const poor = Object.entries(commands).filter(
      ([, { hidden, summary, examples }]) =>
        hidden !== true && (summary === undefined || (examples ?? []).length === 0),
    );
    expect(poor.map(([id]) => id)).toEqual([]);
    expect(Object.keys(commands).length).toBeGreaterThan(35);
  });
});
