// labctl as whole processes against a labd that runs: what a person waits for.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insertServers, median, startLabd } from './labd-bench.mjs';
import { root } from '../scripts/run.mjs';

const LABCTL = join(root, 'apps/labctl/bin/run.js');
const RUNS = 15;
const WARM_UP = 20;

export async function labctl(row) {
  const lab = await startLabd();
  // As people have it: the catalog of kinds is cached in their home.
  const home = mkdtempSync(join(tmpdir(), 'lab-bench-home-'));
  try {
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      LABCTL_SERVER: lab.url,
      LABCTL_TOKEN: lab.token,
    };
    const whole = (...args) => run([process.execPath, ...args], env);
    await insertServers(lab.database, 1_000);
    // A labd that has answered before, as one in use has: its code is compiled.
    for (let round = 0; round < WARM_UP; round += 1) await whole(LABCTL, 'get', 'servers');
    const pairs = [];
    for (let round = 0; round < RUNS; round += 1) {
      const nothing = await whole('-e', '0');
      const version = await whole(LABCTL, '--version');
      const get = await whole(LABCTL, 'get', 'servers');
      if (get.lines !== 1_001) throw new Error(`labctl printed ${get.lines} lines`);
      pairs.push({ version: version.ms / nothing.ms, get: get.ms / nothing.ms });
    }
    row('labctl --version / node -e 0', median(pairs.map(({ version }) => version)), 2.5, '×');
    row('labctl get servers (1,000) / node -e 0', median(pairs.map(({ get }) => get)), 4, '×');

    await lab.database.database.client.$executeRawUnsafe('TRUNCATE servers CASCADE');
    await insertServers(lab.database, 10_000);
    const all = [];
    for (let round = 0; round < 5; round += 1) all.push(await whole(LABCTL, 'get', 'servers'));
    row('labctl get servers (10,000), whole', median(all.map(({ ms }) => ms)), 1000, 'ms');
    row('labctl get servers (10,000), first rows', median(all.map(({ firstMs }) => firstMs)), 200, 'ms');
    row(
      'labctl get servers (10,000), resident at most',
      Math.max(...all.map(({ megabytes }) => megabytes)),
      200,
      'MB',
    );
  } finally {
    await lab.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** A whole process: how long, when its first output came, how many lines, and what it took of the memory at most. */
function run([command, ...args], env) {
  const begin = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let firstMs;
  let lines = 0;
  let megabytes = 0;
  child.stdout.on('data', (chunk) => {
    firstMs ??= performance.now() - begin;
    lines += chunk.toString('latin1').split('\n').length - 1;
  });
  const look = setInterval(() => {
    try {
      const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      megabytes = Math.max(megabytes, Number(peak ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }, 20);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(look);
      if (code !== 0) reject(new Error(`${args.join(' ')} ended with ${code}`));
      else resolve({ ms: performance.now() - begin, firstMs, lines, megabytes });
    });
  });
}
