import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProgram, type Program } from '@lab/local-lab';
import { Watching, programs, runMark, testDatabase, type TestDatabase, type WatchEvent } from '@lab/testing';
import { root } from '../checkout.js';
import { eventually, freePort } from '../lab-under-test.js';

const REPLICAS = 3;
const WRITERS = 6;
const WATCHERS = 3;
/** Each replica is killed so often. */
const ROUNDS = 2;
const PASSWORD = 'correct horse battery staple';

interface Replica {
  url: string;
  start: () => Promise<void>;
  program: Program | undefined;
}

/** What a writer knows of its network: the last number that labd acknowledged, and the last that it tried. */
interface Written {
  name: string;
  acknowledged: number[];
  tried: number;
}

interface Watcher {
  ended: Promise<void>;
  isOpen: () => boolean;
  events: () => WatchEvent[];
}

describe('three replicas of labd on one database, with NATS', () => {
  let home: string;
  let database: TestDatabase;
  let nats: Program;
  let replicas: Replica[];
  let token: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'lab-replicas-'));
    database = await testDatabase();
    const passwordFile = join(home, 'password');
    writeFileSync(passwordFile, PASSWORD);
    const auditKeyFile = join(home, 'audit.key');
    const [natsPort, ...ports] = await Promise.all(Array.from({ length: REPLICAS + 1 }, () => freePort()));
    nats = await startNats(home, natsPort ?? 0);
    replicas = ports.map((port, index) =>
      replica(`http://127.0.0.1:${port}`, join(home, `labd-${index}`), {
        LABD_PORT: String(port),
        DATABASE_URL: database.url,
        NATS_URL: `nats://127.0.0.1:${natsPort ?? 0}`,
        LABD_AUDIT_KEY_FILE: auditKeyFile,
        LABD_ADMIN_PASSWORD_FILE: passwordFile,
      }),
    );
    // The first makes the key and the administrator; then the others come at once.
    await replicas[0]?.start();
    await Promise.all(replicas.slice(1).map((other) => other.start()));
    const login = await call(replicas[1]?.url ?? '', 'POST', '/auth/login', {
      username: 'admin',
      password: PASSWORD,
    });
    token = (login.body as { accessToken: string }).accessToken;
  });

  afterAll(async () => {
    await Promise.all(replicas.map(async ({ program }) => program?.stop()));
    await nats.stop();
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  });

  it('lose no acknowledged change, keep one audit chain, and show watchers every change once, while they are killed in turn', async () => {
    const done = new AbortController();
    const watchers = Array.from({ length: WATCHERS }, (_, index) => watchAll(index, done.signal));
    await eventually('all watch', () => (watchers.every((watcher) => watcher.isOpen()) ? true : undefined));
    let stop = false;
    const writers = Array.from({ length: WRITERS }, (_, index): Written => ({
      name: `net-${index}`,
      acknowledged: [],
      tried: 0,
    }));
    const writing = writers.map((written, index) => write(written, index, () => stop));
    /** Waits until each has written more. */
    const written = async (): Promise<void> => {
      const before = writers.map(({ acknowledged }) => acknowledged.length);
      await eventually('all have written more', () =>
        writers.every(({ acknowledged }, index) => acknowledged.length > (before[index] ?? 0) + 1)
          ? true
          : undefined,
      );
    };

    for (let kill = 0; kill < REPLICAS * ROUNDS; kill += 1) {
      const victim = replicas[kill % REPLICAS];
      await written();
      await victim?.program?.kill();
      await written();
      await victim?.start();
    }
    stop = true;
    await Promise.all(writing);

    const finals = new Map<string, { version: number; number: number }>();
    for (const { name, acknowledged, tried } of writers) {
      const { body } = await request('GET', `/networks/${name}`);
      const { metadata } = body as { metadata: { version: number; annotations: { number: string } } };
      const number = Number(metadata.annotations.number);
      finals.set(name, { version: metadata.version, number });
      expect(acknowledged.length).toBeGreaterThan(2 * REPLICAS * ROUNDS);
      // An answer may be lost with its replica though the change was committed; the other way round never.
      expect([acknowledged.at(-1), tried]).toContain(number);
    }

    await eventually('all watchers have seen the end', () =>
      watchers.every((watcher) =>
        [...finals].every(([name, { version }]) => versionsOf(watcher.events(), name).includes(version)),
      )
        ? true
        : undefined,
    );
    done.abort();
    for (const watcher of watchers) {
      await watcher.ended;
      const events = watcher.events();
      for (const [name, { version }] of finals) {
        // Each version once, in order, none left out.
        expect(versionsOf(events, name)).toEqual(Array.from({ length: version }, (_, index) => index + 1));
      }
      const acknowledged = writers.flatMap((writer) =>
        writer.acknowledged.map((number) => `${writer.name} ${number}`),
      );
      const seen = new Set(events.map(({ data }) => `${data.object?.metadata.name ?? ''} ${numberOf(data)}`));
      expect(acknowledged.filter((change) => !seen.has(change))).toEqual([]);
    }
    // All replicas numbered one sequence.
    const cursors = watchers.map((watcher) =>
      watcher.events().map(({ id, data }) => `${id} ${data.object?.metadata.name ?? ''}`),
    );
    expect(new Set(cursors.map((each) => each.join('\n'))).size).toBe(1);

    const changes = [...finals.values()].reduce((sum, { version }) => sum + version, 0);
    const verdict = await eventually('the audit log is sealed', async () => {
      const { body } = await request('POST', '/audit/verify', {});
      const found = body as { intact: boolean; broken: unknown; rows: number; unsealed: number };
      return found.unsealed === 0 ? found : undefined;
    });
    expect(verdict).toMatchObject({ intact: true, broken: null });
    expect(verdict.rows).toBeGreaterThanOrEqual(changes);
    const { body: audit } = await request('GET', '/audit?kind=Network&action=update&limit=1000');
    expect((audit as { items: unknown[] }).items.length).toBe(Math.min(1000, changes - WRITERS));
  });

  /** Numbers its network anew as fast as it can, on whichever replica answers. */
  async function write(written: Written, index: number, stopped: () => boolean): Promise<void> {
    const { name } = written;
    const spec = { cidr: `10.${index}.0.0/16` };
    const created = await request('POST', '/networks', {
      metadata: { name, annotations: { number: '0' } },
      spec,
    });
    if (![201, 409].includes(created.status)) throw new Error(`${name}: ${created.status}`);
    for (let turn = index; !stopped(); turn += 1) {
      written.tried += 1;
      const patch = { metadata: { annotations: { number: String(written.tried) } } };
      const answer = await call(
        replicas[turn % REPLICAS]?.url ?? '',
        'PATCH',
        `/networks/${name}`,
        patch,
        token,
      ).catch(() => undefined);
      if (answer?.status === 200) written.acknowledged.push(written.tried);
      else await delay(20);
    }
  }

  /** Watches without end: when a replica dies, goes on after its cursor on the next one. */
  function watchAll(index: number, signal: AbortSignal): Watcher {
    const past: WatchEvent[] = [];
    let current: Watching | undefined;
    let cursor: string | undefined;
    const run = async (): Promise<void> => {
      for (let turn = index; !signal.aborted; turn += 1) {
        const { url } = replicas[turn % REPLICAS] ?? { url: '' };
        current = await Watching.open(`${url}/api/v1/watch?kinds=networks`, token, cursor).catch(
          () => undefined,
        );
        if (current === undefined) {
          await delay(50);
          continue;
        }
        const watching = current;
        const stop = (): void => void watching.stop();
        signal.addEventListener('abort', stop, { once: true });
        await watching.ended;
        signal.removeEventListener('abort', stop);
        past.push(...changesOf(watching));
        cursor = watching.cursor === '' ? cursor : watching.cursor;
        current = undefined;
      }
    };
    const ended = run();
    return {
      ended,
      isOpen: () => (current?.events.length ?? 0) > 0,
      events: () => [...past, ...(current === undefined ? [] : changesOf(current))],
    };
  }

  /** On the first replica that answers. */
  async function request(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    return eventually(`${method} ${path} is answered`, async () => {
      for (const { url } of replicas) {
        const answer = await call(url, method, path, body, token).catch(() => undefined);
        if (answer !== undefined && answer.status < 500) return answer;
      }
      return undefined;
    });
  }
});

const changesOf = ({ events }: Watching): WatchEvent[] => events.filter(({ type }) => type !== 'ready');

const versionsOf = (events: readonly WatchEvent[], name: string): number[] =>
  events.flatMap(({ data }) => (data.object?.metadata.name === name ? [data.object.metadata.version] : []));

const numberOf = (data: WatchEvent['data']): string =>
  (data.object?.metadata as { annotations?: { number?: string } } | undefined)?.annotations?.number ?? '';

function replica(url: string, dataDir: string, env: Record<string, string>): Replica {
  const made: Replica = {
    url,
    program: undefined,
    start: async () => {
      made.program = await startProgram({
        name: 'labd',
        command: process.execPath,
        args: [join(root, 'apps/labd/bin/labd.js')],
        env: { ...runMark(), PATH: process.env['PATH'], LABD_DATA_DIR: dataDir, ...env },
        logFile: `${dataDir}.log`,
        isReady: () =>
          fetch(`${url}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          ),
        readyWithin: 120_000,
      });
    },
  };
  return made;
}

async function startNats(home: string, port: number): Promise<Program> {
  const { 'nats-server': command } = await programs(['nats-server']);
  const monitor = await freePort();
  return startProgram({
    name: 'nats-server',
    command,
    args: ['--addr', '127.0.0.1', '--port', String(port), '--http_port', String(monitor)],
    env: { ...runMark(), PATH: process.env['PATH'], HOME: home },
    logFile: join(home, 'nats.log'),
    isReady: () =>
      fetch(`http://127.0.0.1:${monitor}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    readyWithin: 120_000,
  });
}

async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(60_000),
  });
  return { status: response.status, body: await response.json() };
}
