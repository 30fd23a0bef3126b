// Ends what a test run has started, once the pipe on standard input closes: the run has ended or was killed. Plain JavaScript
// without imports of ours: it runs as a process of its own, without a build. Prints what it ended, a line each.
// Arguments: the run's mark, its folder.
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const [, , mark, folder] = process.argv;
if (!/^[0-9a-f]{16}$/.test(mark ?? '') || !/\/lab-test-[^/]+$/.test(folder ?? '')) {
  throw new Error('usage: run-reaper MARK FOLDER');
}

/** For what ends by itself when its test has ended. */
const GRACE_MS = 3_000;
const LONGEST_MS = 60_000;
const LOOK_MS = 50;

let said = '';
process.stdin.setEncoding('utf8').on('data', (text) => (said += text));
process.stdin.once('close', () => void reap(said === '' ? 0 : GRACE_MS));
// The run may be gone before it has read what we say.
process.stdout.on('error', () => {});

async function reap(graceMs) {
  const begin = performance.now();
  const ended = new Map();
  for (let found = ours(); found.length > 0; found = ours()) {
    const past = performance.now() - begin;
    if (past > LONGEST_MS) break; // One that can't be killed hangs in the kernel.
    if (past >= graceMs) {
      for (const { pid, command } of found) {
        ended.set(pid, command);
        kill(pid);
      }
    }
    await wait(LOOK_MS);
  }
  for (const [pid, command] of ended) process.stdout.write(`  ${pid} ${command.slice(0, 200)}\n`);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}

/** The processes of the run that still run. */
function ours() {
  return numbers('/proc')
    .filter((pid) => pid !== process.pid)
    .map((pid) => ({ pid, args: words(`/proc/${pid}/cmdline`) }))
    .filter(({ pid, args }) => args.length > 0 && (isMarked(pid) || isPostgresOfRun(args)))
    .map(({ pid, args }) => ({ pid, command: args.join(' ') }));
}

const isMarked = (pid) => words(`/proc/${pid}/environ`).includes(`LAB_TEST_RUN=${mark}`);

/** PostgreSQL gets nothing of anybody's environment; its data folder tells whose it is. */
const isPostgresOfRun = (args) =>
  basename(args[0]) === 'postgres' && (args[args.indexOf('-D') + 1] ?? '').startsWith(`${folder}/`);

function words(file) {
  try {
    return readFileSync(file, 'utf8').split('\0').slice(0, -1);
  } catch {
    return []; // It has ended, or is another user's.
  }
}

function numbers(path) {
  try {
    return readdirSync(path)
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return []; // Not Linux.
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}
