import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../checkout.js';

const HERE = join(root, 'e2e/vm/test-installer/media');

export type Family = 'fedora' | 'el9' | 'el10';

export interface PayloadOrder {
  family: Family;
  url: string;
  install: readonly string[];
  /** `NAME=URL`, as of a kickstart's `repo`. */
  repos?: readonly string[];
  ignoreMissing?: boolean;
}

export interface PayloadRun {
  /** 0 installed; 1 the source could not be set up; 2 the installation failed. */
  code: number | null;
  /** What the installer would show as its end. */
  message: string;
  console: string[];
  stderr: string;
  /** The logs by name, `packaging.log` and those of dnf, a line each. */
  logs: Record<string, string[]>;
  /** Whether the target has that file; only until the run is disposed of. */
  installed: (path: string) => Promise<string | undefined>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

/** Runs the installer's payload with the real dnf against a target folder: as root, or as one in a user namespace. */
export async function runPayload(tools: string, order: PayloadOrder): Promise<PayloadRun> {
  const work = await mkdtemp(join(tmpdir(), 'lab-payload-'));
  const [target, logs, cache] = ['root', 'logs', 'cache'].map((name) => join(work, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [target, logs, cache]) await mkdir(folder);
  const asRoot = process.getuid?.() === 0 ? [] : ['unshare', '--user', '--map-root-user', '--'];
  const [command = '', ...args] = [
    ...asRoot,
    ...[join(HERE, 'tools.sh'), tools, 'python3', join(HERE, 'payload.py')],
    ...['--family', order.family, '--url', order.url, '--root', target, '--logs', logs, '--cache', cache],
    ...['--error', join(work, 'error')],
    ...order.install.flatMap((name) => ['--install', name]),
    ...(order.repos ?? []).flatMap((repo) => ['--repo', repo]),
    ...(order.ignoreMissing === true ? ['--ignore-missing'] : []),
  ];
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: work, TIME_SCALE: '10000' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const kept: Record<string, string[]> = {};
  for (const name of await readdir(logs)) kept[name] = linesOf(await readFile(join(logs, name), 'utf8'));
  return {
    code,
    message: await readFile(join(work, 'error'), 'utf8').catch(() => ''),
    console: linesOf(stdout),
    stderr,
    logs: kept,
    installed: (path) => readFile(join(target, path), 'utf8').catch(() => undefined),
    [Symbol.asyncDispose]: () => rm(work, { recursive: true, force: true }),
  };
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
