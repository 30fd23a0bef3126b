import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { OTHER_SERVER, debianPostgres } from '@lab/testing';

const ROOT = join(import.meta.dirname, '../../..');
/** What reads and writes the database, over labd's API. */
const SUITES = ['apps/labd/src', 'libs/database/src/database.spec.ts'];

interface JestResult {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; message: string; status: string }[];
}

// All of labd's suites again, one after the other.
jest.setTimeout(1_800_000);

/** Runs the suites in a Jest of their own, whose databases are on that server. */
async function suitesOn(serverUrl: string): Promise<JestResult> {
  const folder = mkdtempSync(join(tmpdir(), 'lab-other-database-'));
  try {
    const output = join(folder, 'result.json');
    const child = spawn(
      process.execPath,
      [
        join(ROOT, 'node_modules/jest/bin/jest.js'),
        ...['--config', join(ROOT, 'jest.config.mjs'), '--silent', '--maxWorkers=1'],
        ...['--json', '--outputFile', output, ...SUITES],
      ],
      {
        cwd: ROOT,
        env: { ...process.env, [OTHER_SERVER]: serverUrl, NODE_OPTIONS: '--experimental-vm-modules' },
        stdio: 'ignore',
      },
    );
    await once(child, 'exit');
    return JSON.parse(readFileSync(output, 'utf8')) as JestResult;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectAllPassed(result: JestResult): void {
  expect(
    result.testResults.filter(({ status }) => status !== 'passed').map(({ message }) => message),
  ).toEqual([]);
  expect(result.numPassedTests).toBeGreaterThan(100);
}

describe('labd on other databases', () => {
  it("works on Debian's PostgreSQL 15", async () => {
    const server = await debianPostgres();
    try {
      expect(server.version).toMatch(/^15\./);
      expectAllPassed(await suitesOn(server.url));
    } finally {
      await server.stop();
    }
  });

  // There is no CockroachDB to be had without an operator's server: name one, and the same suites run on it.
  const cockroach = process.env['COCKROACH_URL'] ?? '';
  if (cockroach !== '') {
    it('works on the CockroachDB of COCKROACH_URL', async () => {
      expectAllPassed(await suitesOn(cockroach));
    });
  }
});
