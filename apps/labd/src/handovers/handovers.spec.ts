import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HANDOVER_TABLES, NOT_HANDED_OVER, exportHandover } from '@lab/database';
import type { HandoverHeader, HandoverPart } from '@lab/database';
import { LinkedBastion, aMachine } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';

interface Resource {
  metadata: { id: string };
  status: { install: unknown };
  stages: unknown;
}

interface Exported {
  header: HandoverHeader;
  parts: HandoverPart[];
}

describe('a hand-over from one labd to another', () => {
  let local: TestLabd;
  let central: TestLabd;
  let folder: string;
  let bastion: LinkedBastion;
  let installId = '';
  const lines = Array.from({ length: 1200 }, (_, at) => `line ${at} with "quotes", ž and \\ 🚀`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lab-handover-'));
    [local, central] = await Promise.all([runningLabd(), runningLabd()]);
    bastion = await LinkedBastion.enrol(local, 'site-a');
    await bastion.connect();
    await bastion.sees(...[1, 2, 3].map((number) => aMachine(number)));
    const made: [string, string, object][] = [
      [
        'POST',
        '/networks',
        {
          metadata: { name: 'lab', labels: { site: 'a' } },
          spec: { cidr: '10.9.0.0/24', bastion: 'site-a' },
        },
      ],
      ['POST', '/clusters', { metadata: { name: 'prod' }, spec: {} }],
      ['PATCH', '/servers/srv-000002', { metadata: { name: 'node2', labels: { rack: 'r1' } } }],
      ['POST', '/servers/srv-000003/provision', { profile: 'fedora-43', role: 'worker' }],
    ];
    for (const [method, path, body] of made) {
      const { status, body: answer } = await local.call(method, `/api/v1${path}`, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    }
    const server = await local.call<{ status: { install: { id: string } } }>(
      'GET',
      '/api/v1/servers/srv-000003',
    );
    installId = server.body.status.install.id;
  });
  afterAll(async () => {
    await bastion.disconnect();
    await Promise.all([local.stop(), central.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  const exported = async (): Promise<Exported> => {
    const file = join(folder, `${randomUUID()}.ndjson`);
    const header = await exportHandover(local.database.url, file);
    const [first, ...rest] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toEqual(header);
    return { header, parts: rest.map((line) => JSON.parse(line) as HandoverPart) };
  };
  const joinToken = async (spec: object = {}): Promise<string> =>
    (await central.call<{ status: { token: string } }>('POST', '/api/v1/tokens', { spec })).body.status.token;
  const newCredential = (): string => `lab_bastion_${randomBytes(32).toString('base64url')}`;
  const openWith = (
    { header }: Exported,
    token: string,
    credential: string,
    over: Record<string, unknown> = {},
  ) =>
    central.call(
      'POST',
      '/api/v1/handovers',
      {
        ...{ id: header.id, token, credential, name: header.bastion.name, counts: header.counts },
        ...{ planGeneration: header.bastion.planGeneration, streams: header.bastion.streams },
        ...over,
      },
      null,
    );
  const send = (id: string, credential: string, part: object) =>
    central.call('POST', `/api/v1/handovers/${id}/parts`, part, credential);
  const complete = (id: string, credential: string) =>
    central.call('POST', `/api/v1/handovers/${id}/complete`, undefined, credential);

  it('names every table and column of the database, with what becomes of it', async () => {
    const found = await local.database.database.client.$queryRaw<
      { table_name: string; column_name: string }[]
    >`
      SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
        AND table_name NOT LIKE '\\_%' ORDER BY table_name, column_name`;
    const known = Object.values(HANDOVER_TABLES).flatMap(({ table, columns, givenAnew }) =>
      [...Object.keys(columns), ...givenAnew].map((column) => `${table}.${column}`),
    );
    const there = found
      .filter(({ table_name }) => NOT_HANDED_OVER[table_name] === undefined)
      .map(({ table_name, column_name }) => `${table_name}.${column_name}`);
    expect(known.toSorted()).toEqual(there.toSorted());
  });

  it('is not made while an install is under way', async () => {
    await expect(exportHandover(local.database.url, join(folder, 'early.ndjson'))).rejects.toMatchObject({
      code: 'in-use',
      message: 'installs are under way: srv-000003',
    });
    await bastion.writes(installId, 1, ...lines);
    await bastion.reports(installId, ['pre', 'started'], ['pre', 'ended'], ['first-boot', 'ended']);
  });

  it('refuses a token that is none, and says what is in the way before anything changes', async () => {
    const check = (token: string, over: object = {}) =>
      central.call(
        'POST',
        '/api/v1/handovers/check',
        { token, name: 'site-a', servers: [], networks: [], clusters: [], ...over },
        null,
      );
    expect(await check('lab_join_wrong')).toMatchObject({ status: 401 });
    const token = await joinToken();
    expect(await check(token)).toMatchObject({ status: 200, body: { cloud: 'default', conflicts: [] } });
    const other = await LinkedBastion.enrol(central, 'site-b');
    await other.connect();
    await other.sees(aMachine(9));
    await central.call('POST', '/api/v1/networks', {
      metadata: { name: 'taken' },
      spec: { cidr: '10.8.0.0/24' },
    });
    const answer = await check(token, {
      name: 'site-b',
      servers: [{ id: randomUUID(), name: 'srv-000009', macs: aMachine(9).nics.map(({ mac }) => mac) }],
      networks: ['taken', 'free'],
    });
    expect(answer.body).toMatchObject({
      conflicts: [
        { kind: 'Bastion', name: 'site-b' },
        { kind: 'Network', name: 'taken' },
        { kind: 'Server', name: 'srv-000009', reason: expect.stringContaining('MAC address') },
        { kind: 'Server', name: 'srv-000009', reason: 'there is a server of that name' },
      ],
    });
    // The token is as good as before.
    expect(await check(token)).toMatchObject({ status: 200 });
    await other.disconnect();
  });

  it('brings servers, networks, clusters, installs, stages and every line; once, however often it is sent', async () => {
    const file = await exported();
    const { id } = file.header;
    expect(file.header).toMatchObject({
      bastion: { name: 'site-a' },
      counts: { servers: 3, networks: 1, clusters: 1, installs: 1, lines: lines.length },
    });
    const token = await joinToken({ cloud: 'metal', environment: 'prod' });
    const credential = newCredential();
    const opened = await openWith(file, token, credential);
    expect(opened).toMatchObject({ status: 201, body: { id, receivedParts: 0 } });
    // The answer was lost: the same again; another's credential is of no use.
    expect(await openWith(file, token, credential)).toMatchObject({ status: 201, body: opened.body });
    expect(await openWith(file, token, newCredential())).toMatchObject({ status: 409 });
    expect(await complete(id, credential)).toMatchObject({ status: 409 });
    for (const part of file.parts) {
      expect(await send(id, newCredential(), part)).toMatchObject({ status: 401 });
      expect(await send(id, credential, { ...part, part: part.part + 1 })).toMatchObject({ status: 409 });
      for (const _ of [1, 2]) {
        expect(await send(id, credential, part)).toMatchObject({
          status: 200,
          body: { receivedParts: part.part },
        });
      }
    }
    for (const _ of [1, 2]) {
      expect(await complete(id, credential)).toMatchObject({ status: 200, body: { state: 'complete' } });
    }
    expect(
      await send(id, credential, { part: file.parts.length + 1, kind: 'lines', rows: [] }),
    ).toMatchObject({ status: 409 });

    const at = (labd: TestLabd, path: string) => labd.call<Resource>('GET', `/api/v1${path}`);
    const [before, after] = await Promise.all([
      at(local, '/servers/srv-000003'),
      at(central, '/servers/srv-000003'),
    ]);
    expect(after.body.metadata).toEqual(before.body.metadata);
    expect(after.body.status.install).toEqual(before.body.status.install);
    expect(after.body).toMatchObject({
      spec: { cloud: 'metal', environment: 'prod' },
      status: { phase: 'installed', bastion: { name: 'site-a' } },
    });
    expect((await at(central, '/servers/node2')).body).toMatchObject({
      metadata: { labels: { rack: 'r1' } },
    });
    expect((await at(central, '/networks/lab')).body).toMatchObject({
      metadata: { labels: { site: 'a' } },
      spec: { cidr: '10.9.0.0/24', bastion: 'site-a', cloud: 'metal' },
    });
    expect((await at(central, `/installs/${installId}`)).body.stages).toEqual(
      (await at(local, `/installs/${installId}`)).body.stages,
    );
    const texts: string[] = [];
    for (let next: number | null = 0; next !== null;) {
      const page: { lines: { text: string }[]; next: number | null } = (
        await central.call<{ lines: { text: string }[]; next: number | null }>(
          'GET',
          `/api/v1/servers/srv-000003/logs?after=${next}&limit=1000`,
        )
      ).body;
      texts.push(...page.lines.map((line) => line.text));
      next = page.next;
    }
    expect(texts).toEqual(lines);
    const audit = await central.call<{ items: { action: string; resourceKind: string }[] }>(
      'GET',
      '/api/v1/audit?limit=100',
    );
    const imports = audit.body.items
      .filter(({ action }) => action === 'import')
      .map(({ resourceKind }) => resourceKind);
    expect(imports.toSorted()).toEqual(['Bastion', 'Cluster', 'Network', 'Server', 'Server', 'Server']);

    // The bastion goes on where it was: its spool is known, its plan is newer than what it holds, its installs are the same.
    const joined = new LinkedBastion(central, 'site-a', String(opened.body['bastionId']), credential);
    const { facts, logs } = bastion;
    Object.assign(joined, { facts, logs });
    await joined.connect();
    expect(await joined.planned(before.body.metadata.id, (plan) => plan !== undefined)).toMatchObject({
      name: 'srv-000003',
      phase: 'installed',
      action: 'local-disk',
    });
    expect(Math.min(...joined.plans.map(({ generation }) => generation))).toBeGreaterThan(
      file.header.bastion.planGeneration,
    );
    expect(facts.ackedSeq).toBe(facts.facts.length);
    await joined.disconnect();
  });

  it('takes nothing that is not what it says, and nothing of others', async () => {
    const credential = newCredential();
    const id = randomUUID();
    const serverId = randomUUID();
    const { parts, header } = await exported();
    const rowsOf = (kind: string): Record<string, unknown>[] =>
      (parts.find((part) => part.kind === kind)?.rows ?? []) as Record<string, unknown>[];
    const opened = await openWith({ header, parts }, await joinToken(), credential, { id, name: 'site-c' });
    expect(opened.status).toBe(201);
    const server = { ...rowsOf('servers')[0], id: serverId, name: 'fresh', current_install_id: null };
    const refused = async (kind: string, row: object, status: number, message: RegExp): Promise<void> => {
      const answer = await send(id, credential, { part: 1, kind, rows: [row] });
      expect({ kind, status: answer.status, detail: answer.body.detail }).toEqual({
        kind,
        status,
        detail: expect.stringMatching(message),
      });
    };
    await refused('servers', { ...server, name: 'no name' }, 400, /rows\.0\.name/);
    await refused('servers', { ...server, bastion_id: id }, 400, /bastion_id/);
    await refused('servers', { ...server, phase: 'provisioning' }, 400, /still being installed/);
    await refused('servers', { ...server, labels: { 'a b': 'c' } }, 400, /labels/);
    await refused('servers', { ...server, conditions: [{ type: 'x'.repeat(100_000) }] }, 400, /conditions/);
    await refused('servers', { ...server, version: null }, 400, /can't be/);
    await refused('servers', { ...server, created_at: null }, 400, /can't be/);
    await refused('servers', rowsOf('servers')[0] ?? {}, 409, /there is a server of that name/);
    await refused('nics', { ...rowsOf('nics')[0] }, 400, /did not come with this hand-over/);
    await refused('installs', { ...rowsOf('installs')[0] }, 400, /did not come with this hand-over/);
    await refused('installs', { ...rowsOf('installs')[0], state: 'installing' }, 400, /still under way/);
    await refused('lines', { ...rowsOf('lines')[0] }, 400, /did not come with this hand-over/);
    await refused('lines', { ...rowsOf('lines')[0], text: 'x'.repeat(8193) }, 400, /text/);
    expect(await send(id, credential, { part: 1, kind: 'servers', rows: [server] })).toMatchObject({
      status: 200,
    });
    // The MAC address is that of the first server, which has come already.
    const nic = {
      ...rowsOf('nics').find(({ boot }) => boot === true),
      server_id: serverId,
      network_id: null,
    };
    expect(await send(id, credential, { part: 2, kind: 'nics', rows: [nic] })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('has its MAC address') },
    });
  });

  it('takes the same few statements for a part, however many rows it has', async () => {
    const { header, parts } = await exported();
    const credential = newCredential();
    const id = randomUUID();
    await openWith({ header, parts }, await joinToken(), credential, { id, name: 'site-d', counts: {} });
    const first = parts.find(({ kind }) => kind === 'servers')?.rows[0] as Record<string, unknown>;
    const servers = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...first,
        id: randomUUID(),
        name: `many-${from + at}`,
        current_install_id: null,
      }));
    let part = 0;
    const sending = (count: number) => async (): Promise<void> => {
      part += 1;
      const rows = servers(part * 1000, count);
      expect(await send(id, credential, { part, kind: 'servers', rows })).toMatchObject({ status: 200 });
    };
    // labd seals the audit log and numbers the feed meanwhile.
    const own = async (count: number): Promise<number> =>
      (await central.database.statements.fewest(sending(count))).filter((sql) =>
        /handovers|servers|INSERT INTO/.test(sql),
      ).length;
    const one = await own(1);
    expect(one).toBeGreaterThan(3);
    expect(await own(150)).toBe(one);
  });
});
