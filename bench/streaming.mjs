// A bastion under 200 installs that stream 100 lines a second each: what a follower sees and when, what is kept, what it costs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './labd-bench.mjs';

const INSTALLS = 200;
const SECONDS = 20;
/** A batch a second, as the streamer sends them. */
const LINES = 100;
const FOLLOWERS = 1000;

/** `lab`: labd and a bastion that run. */
export async function streaming(row, lab, residentMegabytes) {
  const machines = await installing(lab);
  const operator = readFileSync(join(lab.bastionDir, 'operator-token'), 'utf8').trim();
  const follow = (mac, chunk) => following(`${lab.bastionUrl}/api/logs/${mac}/follow`, operator, chunk);
  const latencies = [];
  const sample = await Promise.all(
    machines
      .filter((_, index) => index % 20 === 0)
      .map(({ mac }) =>
        follow(mac, (text) => {
          const now = Date.now();
          for (const [, sent] of text.matchAll(/sent (\d+) line/g)) latencies.push(now - Number(sent));
        }),
      ),
  );
  const begin = performance.now();
  const late = await Promise.all(machines.map((machine) => stream(lab, machine)));
  const took = (performance.now() - begin) / 1000;
  await delay(1000);
  const memory = residentMegabytes(lab.bastion.pid);
  for (const stop of sample) await stop();
  const sent = INSTALLS * SECONDS * LINES;
  const kept = await Promise.all(machines.map(({ mac }) => total(lab, operator, mac)));
  const lost = sent - kept.reduce((sum, lines, index) => sum + lines - machines[index].notes, 0);

  const rate = Math.round(sent / took);
  row(
    `${INSTALLS} installs streaming (${rate} lines/s): machines that fell behind`,
    late.filter(Boolean).length,
    0,
    '',
  );
  row('lines lost or twice', Math.abs(lost), 0, '');
  row(
    `a line to its follower while they stream, p99 (${latencies.length} lines)`,
    percentile(latencies, 0.99),
    250,
    'ms',
  );
  row('bastion resident, 200 installs streaming', memory, 150, 'MB');

  const [machine] = machines;
  const all = Promise.withResolvers();
  let reached = 0;
  let newest = performance.now();
  const told = (text) => {
    newest = performance.now();
    if (text.includes('last of all') && (reached += 1) === FOLLOWERS) all.resolve(performance.now());
  };
  const many = await Promise.all(Array.from({ length: FOLLOWERS }, () => follow(machine.mac, told)));
  // Each gets what there is first.
  while (performance.now() - newest < 1000) await delay(100);
  const sentAt = performance.now();
  await post(lab, machine, ['last of all']);
  row(`a line to all of ${FOLLOWERS} followers of an install`, (await all.promise) - sentAt, 1000, 'ms');
  await Promise.all(many.map((stop) => stop()));
}

async function installing(lab) {
  const admin = await lab.admin();
  const password = readFileSync(lab.passwordFile, 'utf8').trim();
  const { accessToken } = await ask(`${lab.labdUrl}/api/v1/auth/login`, { username: 'admin', password });
  const macs = Array.from(
    { length: INSTALLS },
    (_, index) => `52:54:03:00:${hex(index >> 8)}:${hex(index & 255)}`,
  );
  const known = await admin.serverCount();
  for (const mac of macs) await ask(`${lab.bastionUrl}/api/discovery`, { mac });
  while ((await admin.serverCount()) < known + INSTALLS) await delay(100);
  const machines = [];
  for (const mac of macs) {
    await ask(
      `${lab.labdUrl}/api/v1/servers/${mac}/provision`,
      { profile: 'fedora-43', role: 'worker' },
      accessToken,
    );
    const path = await eventually(() => kickstartPath(lab, mac));
    const kickstart = await (await fetch(`${lab.bastionUrl}${path}`)).text();
    const token = /^LAB_TOKEN='?([A-Za-z0-9_-]+)/m.exec(kickstart)?.[1];
    await ask(`${lab.bastionUrl}/api/progress`, { stage: 'pre', event: 'started', seq: 1 }, token);
    machines.push({ mac, token, seq: 0, notes: 0 });
  }
  const operator = readFileSync(join(lab.bastionDir, 'operator-token'), 'utf8').trim();
  // What the bastion itself has noted in their logs.
  for (const machine of machines) machine.notes = await total(lab, operator, machine.mac);
  return machines;
}

async function kickstartPath(lab, mac) {
  const script = await (await fetch(`${lab.bastionUrl}/boot/${mac}.ipxe`)).text();
  return /\/ks\/install\/[A-Za-z0-9_-]+/.exec(script)?.[0];
}

/** The plan comes over the link a moment after the order. */
async function eventually(find) {
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    await delay(50);
  }
}

/** A batch each second; true if one came late. */
async function stream(lab, machine) {
  const begin = performance.now() + Math.random() * 1000;
  let late = false;
  for (let second = 0; second < SECONDS; second += 1) {
    const wait = begin + second * 1000 - performance.now();
    if (wait > 0) await delay(wait);
    else late ||= wait < -500;
    await post(
      lab,
      machine,
      Array.from({ length: LINES }, (_, line) => `sent ${Date.now()} line ${line} ${'x'.repeat(60)}`),
    );
  }
  return late;
}

async function post(lab, machine, texts) {
  const lines = texts.map((text) => ({ source: 'pre', text, seq: (machine.seq += 1) }));
  await ask(`${lab.bastionUrl}/api/log`, { lines }, machine.token);
}

/** Reads a stream of events; answers what ends it. */
async function following(url, token, chunk) {
  const abort = new AbortController();
  const { body } = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal });
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const part of body) chunk(decoder.decode(part, { stream: true }));
  })().catch(() => undefined);
  return async () => {
    abort.abort();
    await reading;
  };
}

async function total(lab, operator, mac) {
  const response = await fetch(`${lab.bastionUrl}/api/logs/${mac}?limit=1`, {
    headers: { authorization: `Bearer ${operator}` },
  });
  return (await response.json()).log_total;
}

async function ask(url, body, token) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? undefined : response.json();
}

const hex = (value) => value.toString(16).padStart(2, '0');
