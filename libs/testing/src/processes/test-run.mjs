// Jest's globalSetup; test-run-end.mjs is its globalTeardown. Whatever a run starts ends with it, and its temporary files go too, however it ends:
// also by SIGKILL, when neither a worker nor a test can clean up. Every process of the run inherits a mark in its
// environment and a TMPDIR of the run's own; a reaper, a process of its own, holds a pipe from us and sees it close.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REAPER = fileURLToPath(new URL('run-reaper.mjs', import.meta.url));

export default async function begin() {
  const mark = randomBytes(8).toString('hex');
  process.env.LAB_TEST_SHARED_DIR ??= tmpdir();
  const folder = mkdtempSync(join(tmpdir(), 'lab-test-'));
  // Others may pass but not look: PostgreSQL runs as another user when we are root.
  chmodSync(folder, 0o711);
  const reaper = spawn(process.execPath, [REAPER, mark, folder], {
    cwd: '/',
    detached: true,
    env: {},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(reaper, 'spawn');
  reaper.unref();
  reaper.stdin.unref();
  reaper.stdout.unref();
  process.env.LAB_TEST_RUN = mark;
  process.env.TMPDIR = folder;
  globalThis.labReaper = reaper;
}
