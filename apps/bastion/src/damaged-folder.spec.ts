import { randomUUID } from 'node:crypto';
import { cp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { configIn, installPlan, serverPlan, startIn, temporaryFolder } from '../test/bastion-fixture.js';
import { FakeLabd } from '../test/fake-labd.js';
import { Host } from '../test/host.js';
import { startBastion } from './start-bastion.js';

type Folder = Awaited<ReturnType<typeof temporaryFolder>>;

const MACS = ['52:54:00:00:00:01', '52:54:00:00:00:02'] as const;
/** Made anew by each start, of no use afterwards. */
const OF_THE_RUN = /^(?:lock|running\.json)$/;

/** The same bytes each time, and no text. */
function noise(length: number, seed: number): Buffer {
  let state = seed + 1;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return (state >> 16) & 0xff;
    }),
  );
}

/** What can happen to a file of so many bytes, each by its name. */
const HARM: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'cut in the middle': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
  emptied: () => Buffer.alloc(0),
  'noise from end to end': (bytes) => noise(bytes.length, bytes.length),
  'noise in the middle': (bytes) => {
    const at = Math.floor(bytes.length / 2);
    return Buffer.concat([bytes.subarray(0, at), noise(16, 3), bytes.subarray(at + 16)]);
  },
  'zeros at the end': (bytes) => Buffer.concat([bytes.subarray(0, -12), Buffer.alloc(12)]),
  'JSON of another kind': () => Buffer.from('null\n[]\n{}\n42\n"text"\n{"mac":7}\n'),
  'a line of another kind at the end': (bytes) => Buffer.concat([bytes, Buffer.from('{"seq":"x"}\n')]),
};

/** What a file holds, or each of a folder. */
async function filesIn(path: string): Promise<Buffer[]> {
  if ((await stat(path)).isFile()) return [await readFile(path)];
  return Promise.all((await readdir(path)).map((name) => readFile(join(path, name))));
}

/** Cut where a crash cuts: lines of a file that is written to its end. */
const isTorn = (harm: string): boolean => /^(?:cut|emptied)/.test(harm);

describe("A bastion whose folder was damaged while it didn't run", () => {
  let labd: FakeLabd;
  let original: Folder;
  let files: string[];
  const plans = MACS.map((mac, at) =>
    serverPlan(mac, {
      name: `node${at}`,
      install: installPlan({ installId: randomUUID(), hostname: `node${at}` }),
    }),
  );

  beforeAll(async () => {
    labd = await FakeLabd.start();
    original = await temporaryFolder();
    const tokenFile = join(original.path, 'join-token');
    await writeFile(tokenFile, labd.joinToken);
    labd.plan(plans);
    const env = { LABD_URL: labd.url, BASTION_JOIN_TOKEN_FILE: tokenFile };
    const bastion = await startIn(original.path, env);
    try {
      await labd.until(() => labd.ackedPlans.length > 0);
      for (const [at, mac] of MACS.entries()) {
        const host = new Host(() => bastion.url, `127.0.0.${at + 1}`);
        const hardware = {
          mac,
          arch: 'x86_64',
          cpu_cores: 4,
          memory_bytes: 8_589_934_592,
          nics: [{ name: 'eth0', mac }],
          disks: [],
        };
        const reported = await host.post('/api/discovery', hardware);
        expect(reported.status).toBeLessThan(300);
        const token = await host.install(mac);
        await host.post('/api/progress', { stage: 'pre', event: 'started', seq: 1 }, token);
        await host.post(
          '/api/log',
          { lines: ['one', 'two', 'three'].map((text, seq) => ({ source: 'pre', text, seq })) },
          token,
        );
      }
      await labd.until(() => labd.committed.logs.length > 0);
    } finally {
      await bastion.stop();
    }
    files = (await readdir(original.path, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(original.path, join(entry.parentPath, entry.name)))
      .filter(
        (file) =>
          file !== 'join-token' &&
          !OF_THE_RUN.test(file) &&
          !file.includes(plans[1]?.install?.installId ?? ''),
      );
  });
  afterAll(async () => {
    await labd.stop();
    await original[Symbol.asyncDispose]();
  });

  /** Starts in the folder; answers what is known there, and what was said. */
  async function stateOf(
    folder: string,
  ): Promise<{ known: Record<string, unknown>; said: Record<string, string>[] }> {
    const said: Record<string, string>[] = [];
    const log = pino(
      { level: 'error', base: null },
      { write: (line: string) => void said.push(JSON.parse(line) as Record<string, string>) },
    );
    const bastion = await startBastion(configIn(folder, { BASTION_LOG_LEVEL: 'error' }), { log });
    try {
      const ready = (await (await fetch(`${bastion.url}/readyz`)).json()) as { machines: number };
      const token = (await readFile(join(folder, 'operator-token'), 'utf8')).trim();
      const installs = await Promise.all(
        MACS.map(async (mac) => {
          const answer = await fetch(`${bastion.url}/api/logs/${mac}`, {
            headers: { authorization: `Bearer ${token}` },
          });
          const body = (await answer.json()) as {
            stages?: { state: string }[];
            log_lines?: { text: string }[];
          };
          return {
            status: answer.status,
            stages: (body.stages ?? []).filter(({ state }) => state !== 'pending').length,
            lines: (body.log_lines ?? []).map(({ text }) => text),
          };
        }),
      );
      const scripts = await Promise.all(
        MACS.map(async (mac) => (await fetch(`${bastion.url}/boot/${mac.replaceAll(':', '-')}.ipxe`)).status),
      );
      return { known: { machines: ready.machines, installs, scripts }, said };
    } finally {
      await bastion.stop();
    }
  }

  it('has files of every sort', () => {
    const sorts = files.map((file) => file.replace(/[0-9a-f-]{36}/, 'ID').replace(/\d{16}/, 'NUMBER'));
    expect([...new Set(sorts)].toSorted()).toEqual([
      'installs/ID/events.ndjson',
      'installs/ID/log.ndjson',
      'labd-credential.json',
      'machines.ndjson',
      'operator-token',
      'plans.ndjson',
      'spool/facts/NUMBER.ndjson',
      'spool/facts/epoch.json',
      'spool/logs/NUMBER.ndjson',
      'spool/logs/epoch.json',
      'token-key',
    ]);
  });

  it.each(Object.entries(HARM))(
    'starts, sets aside what it replaces, and loses nothing else: %s',
    async (name, harm) => {
      await using whole = await temporaryFolder();
      await cp(original.path, whole.path, { recursive: true });
      const before = await stateOf(whole.path);
      expect(before.said).toEqual([]);
      for (const file of files) {
        await using folder = await temporaryFolder();
        await cp(original.path, folder.path, { recursive: true });
        const path = join(folder.path, file);
        const bytes = await readFile(path);
        const harmed = harm(bytes);
        await writeFile(path, harmed);
        const after = await stateOf(folder.path).catch((error: unknown) => {
          throw new Error(`${file}: ${String(error)}`);
        });
        // What was harmed is to be found as it was, if it was more than a line that a crash had cut.
        const asides = after.said.map(({ aside = '' }) => aside);
        const kept = (await Promise.all(asides.map((aside) => filesIn(aside)))).flat();
        const isAside = kept.some((copy) => copy.equals(harmed));
        if (!isTorn(name))
          expect({ file, isAside, asides: asides.length > 0 }).toEqual({ file, isAside: true, asides: true });
        for (const { hint = '' } of after.said) expect(hint).not.toBe('');
        if (file === 'labd-credential.json' && asides.length > 0) {
          expect(after.said[0]?.['hint']).toContain('labctl create token');
        }
        expect({ file, known: othersThan(file, after.known) }).toEqual({
          file,
          known: othersThan(file, before.known),
        });
        if (asides.length === 0) continue;
        // Once is enough: the next start finds nothing to complain of.
        expect({ file, said: (await stateOf(folder.path)).said }).toEqual({ file, said: [] });
      }
    },
  );

  /** What is not told by that file alone. */
  function othersThan(file: string, known: Record<string, unknown>): Record<string, unknown> {
    const { machines, installs, scripts } = known as {
      machines: number;
      installs: unknown[];
      scripts: number[];
    };
    const at = plans.findIndex(({ install }) => file.includes(install?.installId ?? '-'));
    return {
      ...(file !== 'machines.ndjson' && { machines }),
      ...(file !== 'plans.ndjson' && { scripts }),
      installs: installs.filter((_, index) => index !== at),
    };
  }

  it('tells labd again of all that is left of a damaged spool', async () => {
    await using folder = await temporaryFolder();
    await cp(original.path, folder.path, { recursive: true });
    const spool = join(folder.path, 'spool', 'facts');
    const [segment = ''] = (await readdir(spool)).filter((name) => name.endsWith('.ndjson'));
    const path = join(spool, segment);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    await writeFile(path, `${[lines[0], '\u0000garbage', ...lines.slice(2)].join('\n')}\n`);
    const again = await FakeLabd.start();
    const tokenFile = join(folder.path, 'join-token');
    await writeFile(tokenFile, again.joinToken);
    const bastion = await startIn(folder.path, { LABD_URL: again.url, BASTION_JOIN_TOKEN_FILE: tokenFile });
    const wanted = lines
      .filter((_, at) => at !== 1)
      .map((line) => (JSON.parse(line) as { fact: unknown }).fact);
    await again.until(() => again.committed.facts.length >= wanted.length);
    expect(again.committed.facts).toEqual(expect.arrayContaining(wanted));
    await bastion.stop();
    await again.stop();
  });

  it('takes the place of a spool that a crash left between its old and its mended files', async () => {
    await using folder = await temporaryFolder();
    await cp(original.path, folder.path, { recursive: true });
    const spool = join(folder.path, 'spool', 'logs');
    await cp(spool, `${spool}.mended`, { recursive: true });
    await cp(spool, `${spool}.damaged-before`, { recursive: true });
    await truncate(join(`${spool}.damaged-before`, 'epoch.json'), 1);
    await rm(spool, { recursive: true });
    expect((await stateOf(folder.path)).said).toEqual([]);
    expect((await readdir(spool)).length).toBeGreaterThan(1);
  });
});
