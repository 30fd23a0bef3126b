// What machines load: a 100 MB initrd by 50 clients at once, beside nginx with the same file; and boot scripts.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { programs } from '@lab/testing';
import { freePort } from '../e2e/dist/lab-under-test.js';

const CLIENTS = 50;
const MEGABYTES = 100;
/** The best of so many: what else the machine does slows either of the two. */
const RUNS = 3;
const SCRIPTS_PER_SECOND = 500;
const SCRIPT_SECONDS = 10;

/** `lab` runs; its folder gets the file. */
export async function assets(row, lab, residentMegabytes) {
  const work = mkdtempSync(join(tmpdir(), 'lab-bench-assets-'));
  let nginx;
  try {
    const folder = join(lab.bastionDir, 'assets/fedora-43/images/pxeboot');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'initrd.img'), randomBytes(MEGABYTES * 1e6));
    const file = 'assets/fedora-43/images/pxeboot/initrd.img';
    const { nginx: program, curl } = await programs(['nginx', 'curl']);
    nginx = await startNginx(program, work, lab.bastionDir);
    const before = residentMegabytes(lab.bastion.pid);
    const peak = watchPeak(() => residentMegabytes(lab.bastion.pid));
    const rates = { bastion: 0, nginx: 0 };
    const cpu = cpuSeconds(lab.bastion.pid);
    const nginxCpu = cpuSeconds(nginx.pid);
    for (let run = 0; run < RUNS; run += 1) {
      rates.nginx = Math.max(rates.nginx, await load(curl, `${nginx.url}/${file}`));
      rates.bastion = Math.max(rates.bastion, await load(curl, `${lab.bastionUrl}/${file}`));
    }
    row(`bastion, ${MEGABYTES} MB to ${CLIENTS} clients`, rates.bastion, 0, 'MB/s', 'at least');
    const gigabytes = (RUNS * CLIENTS * MEGABYTES) / 1000;
    row('processor time of the bastion, a gigabyte', (cpuSeconds(lab.bastion.pid) - cpu) / gigabytes, 2, 's');
    row('of nginx', (cpuSeconds(nginx.pid) - nginxCpu) / gigabytes, 2, 's');
    row('bastion / nginx, the same file', (rates.bastion / rates.nginx) * 100, 80, '%', 'at least');
    row('bastion resident, more than before, meanwhile', (await peak.stop()) - before, 50, 'MB');
    await bootScripts(row, lab);
  } finally {
    nginx?.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** MB/s that all clients together get. Each is a process's connection of its own; what comes is thrown away. */
async function load(curl, url) {
  const begin = performance.now();
  const child = spawn(
    curl,
    [
      '--silent',
      '--show-error',
      '--fail',
      '--parallel',
      '--parallel-immediate',
      '--parallel-max',
      String(CLIENTS),
    ].concat(Array.from({ length: CLIENTS }, () => ['--output', '/dev/null', url]).flat()),
    // It draws its progress whatever it is told.
    { stdio: 'ignore' },
  );
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`curl ended with ${code}`);
  return (CLIENTS * MEGABYTES) / ((performance.now() - begin) / 1000);
}

async function startNginx(program, work, root) {
  const port = await freePort();
  const config = join(work, 'nginx.conf');
  writeFileSync(
    config,
    `master_process off;
worker_processes 1;
daemon off;
pid ${work}/nginx.pid;
error_log stderr;
events { worker_connections 512; }
http {
  access_log off;
  sendfile on;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${work}/${name};`).join(' ')}
  server { listen 127.0.0.1:${port}; root ${JSON.stringify(root)}; }
}
`,
  );
  // As root it would serve as nobody, who may not read the lab's folder.
  const own = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
  const child = spawn(program, ['-c', config, '-p', work, ...own], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    if ((await fetch(url).catch(() => undefined)) !== undefined) break;
    if (attempt > 200 || child.exitCode !== null) throw new Error(`nginx did not start: ${said}`);
    await delay(50);
  }
  return { url, pid: child.pid, stop: () => child.kill() };
}

/** Of a process, user and system; Linux counts in hundredths. */
function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function watchPeak(measure) {
  let peak = measure();
  const timer = setInterval(() => (peak = Math.max(peak, measure())), 50);
  return {
    stop: async () => {
      clearInterval(timer);
      return peak;
    },
  };
}

/** What iPXE asks for first, from as many machines as a rack has, at a steady pace. */
async function bootScripts(row, lab) {
  const agent = new Agent({ keepAlive: false });
  const times = [];
  const asked = [];
  const ask = (number) =>
    new Promise((resolve, reject) => {
      const mac = `52-54-04-00-00-${(number % 200).toString(16).padStart(2, '0')}`;
      const begin = performance.now();
      get(`${lab.bastionUrl}/boot/${mac}.ipxe`, { agent }, (answer) => {
        answer.resume();
        answer.once('end', () => {
          times.push(performance.now() - begin);
          resolve(answer.statusCode);
        });
      }).once('error', reject);
    });
  const cpu = cpuSeconds(lab.bastion.pid);
  const begin = performance.now();
  for (let number = 0; number < SCRIPTS_PER_SECOND * SCRIPT_SECONDS; number += 1) {
    const due = begin + (number * 1000) / SCRIPTS_PER_SECOND;
    const early = due - performance.now();
    if (early > 1) await delay(early);
    asked.push(ask(number));
  }
  const statuses = await Promise.all(asked);
  const failed = statuses.filter((status) => status !== 200).length;
  const seconds = (performance.now() - begin) / 1000;
  times.sort((a, b) => a - b);
  row('boot scripts that were not answered', failed, 0, '');
  row('boot scripts', times.length / seconds, SCRIPTS_PER_SECOND * 0.98, '/s', 'at least');
  row(
    'processor time of a boot script',
    ((cpuSeconds(lab.bastion.pid) - cpu) * 1000) / times.length,
    2,
    'ms',
  );
  row('a boot script, p99', times[Math.floor(times.length * 0.99)], 50, 'ms');
}
