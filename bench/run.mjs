// `npm run bench`: the budgets of the main path, measured on this machine; ratios come from one run. Exit 1 if one is missed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalLab } from '@lab/local-lab';
import { SimulatedMachine } from '@lab/testing';
import { freePort, layTree } from '../e2e/dist/lab-under-test.js';
import { assets } from './assets.mjs';
import { diagnosis } from './diagnosis.mjs';
import { link } from './link.mjs';
import { labctl as labctlBench } from './labctl.mjs';
import { lists } from './lists.mjs';
import { streaming } from './streaming.mjs';
import { watchers } from './watchers.mjs';
import { root } from '../scripts/run.mjs';

const SERVERS = 200;
const home = mkdtempSync(join(tmpdir(), 'lab-bench-'));
const env = { ...process.env, LABCTL_CONFIG: join(home, 'labctl.yaml') };
const options = { root, home, labdPort: await freePort(), bastionPort: await freePort(), env };
const rows = [];

try {
  let lab = new LocalLab(options);
  layTree(lab.bastionDir, 'fedora-43');
  await timed(() => lab.startLabd().then(() => lab.startBastion()));
  await lab.stop();

  lab = new LocalLab(options);
  const secondStart = await timed(() => lab.startLabd().then(() => lab.startBastion()));
  row('labd and bastion ready, second start', secondStart / 1000, 5, 's');
  await delay(3000);
  row('labd resident, idle', residentMegabytes(lab.labd.pid), 200, 'MB');
  row('bastion resident, idle', residentMegabytes(lab.bastion.pid), 130, 'MB');

  await discover(lab, SERVERS);
  labctl('login', lab.labdUrl, '--username', 'admin', '--password-file', lab.passwordFile);
  const nothing = median(15, () => spawnSync(process.execPath, ['-e', '0']));
  const get = median(15, () => labctl('get', 'servers'));
  row(`labctl get servers (${SERVERS}) / node -e 0`, get / nothing, 4, '×');
  row(`labd resident, ${SERVERS} servers`, residentMegabytes(lab.labd.pid), 250, 'MB');
  row(`bastion resident, ${SERVERS} servers`, residentMegabytes(lab.bastion.pid), 150, 'MB');
  await streaming(row, lab, residentMegabytes);
  await assets(row, lab, residentMegabytes);
  await lab.stop();
  await labctlBench(row);
  await lists(row);
  await link(row);
  await watchers(row);
  await diagnosis(row);
} finally {
  rmSync(home, { recursive: true, force: true });
}

for (const { title, value, budget, unit, limit, met } of rows) {
  const verdict = met ? 'met   ' : 'MISSED';
  console.log(
    `${verdict}  ${title.padEnd(64)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(2)}  (${limit} ${budget} ${unit})`,
  );
}
process.exit(rows.every(({ met }) => met) ? 0 : 1);

function row(title, value, budget, unit, limit = 'at most') {
  rows.push({
    title,
    value,
    budget,
    unit,
    limit,
    met: limit === 'at most' ? value <= budget : value >= budget,
  });
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(runs, work) {
  const times = Array.from({ length: runs }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)];
}

function labctl(...args) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'apps/labctl/bin/run.js'), ...args], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`labctl ${args.join(' ')}: ${stderr}`);
}

/** Resident set of the process alone, as Linux counts it. */
function residentMegabytes(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

async function discover(lab, count) {
  const machines = Array.from({ length: count }, (_, index) => {
    const mac = `52:54:02:00:${(index >> 8).toString(16).padStart(2, '0')}:${(index & 255).toString(16).padStart(2, '0')}`;
    return new SimulatedMachine({ bastionUrl: lab.bastionUrl, mac, pace: { stageMs: 0, pollMs: 60_000 } });
  });
  const runs = machines.map((machine) => machine.run().catch(() => undefined));
  const admin = await lab.admin();
  while ((await admin.serverCount()) < count) await delay(100);
  for (const machine of machines) machine.powerOff();
  await Promise.all(runs);
}
