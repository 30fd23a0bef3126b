import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion, aMachine } from '@lab/testing';
import { openApiDocument } from '../src/openapi.js';
import { ADMIN_PASSWORD, runningLabd, type TestLabd } from './running-labd.js';

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string }[];
}
interface WriteRoute {
  operation: string;
  method: string;
  path: string;
  query: string[];
}

/** They write nothing, or what they are for is the writing: a dry run is refused. `checkHandover` is the dry run of the others. */
const WITHOUT_DRY_RUN = [
  ...['login', 'refresh', 'loginWithOidc', 'canI', 'verifyAudit', 'diff'],
  ...['checkHandover', 'openHandover', 'takeHandoverPart', 'completeHandover'],
];

/** What a sealer fills in when it comes to it, whatever was asked. */
const SEQUENCED: Readonly<Record<string, string>> = {
  audit_log: 'id, at, actor, action, resource_id, before, after',
  feed_events: 'id, type, kind, resource_id, resource_version',
};

describe('a dry run of every route that writes', () => {
  let labd: TestLabd;
  let routes: WriteRoute[];
  let joinToken = '';
  /** No time goes by once all is there: the watchdog has nothing to say, however long the tests take. */
  let stoppedAt: number | undefined;
  const login = { username: 'admin', password: ADMIN_PASSWORD };

  beforeAll(async () => {
    labd = await runningLabd({ clock: { now: () => stoppedAt ?? Date.now() } });
    routes = writeRoutes();
    const bastion = await LinkedBastion.enrol(labd, 'site-a');
    await bastion.connect();
    await bastion.sees(...[1, 2, 3, 4].map((number) => aMachine(number)));
    const order = { profile: 'fedora-43', role: 'worker' };
    const made: [string, string, object?][] = [
      ['POST', '/networks', { metadata: { name: 'lab' }, spec: { cidr: '10.9.0.0/24' } }],
      ['POST', '/clusters', { metadata: { name: 'prod' }, spec: {} }],
      ['POST', '/installsettings', { metadata: { name: 'default' }, spec: {} }],
      ['POST', '/users', { metadata: { name: 'mara' }, spec: {} }],
      ['POST', '/roles', { metadata: { name: 'operator-a' }, spec: { permissions: ['read:*:*:*'] } }],
      ['POST', '/apitokens', { metadata: { name: 'ci' }, spec: { scope: ['read:*:*:*'] } }],
      ['POST', '/tokens', { metadata: { name: 'spare' }, spec: {} }],
      ['POST', '/servers/srv-000002/provision', order],
      ['POST', '/servers/srv-000003/provision', order],
    ];
    for (const [method, path, body] of made) {
      const { status, body: answer } = await labd.call(method, `/api/v1${path}`, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    }
    const third = await labd.call<{ status: { install: { id: string } } }>(
      'GET',
      '/api/v1/servers/srv-000003',
    );
    await bastion.reports(third.body.status.install.id, ['pre', 'started'], ['first-boot', 'ended']);
    const token = await labd.call<{ status: { token: string } }>('POST', '/api/v1/tokens', {});
    joinToken = token.body.status.token;
    stoppedAt = Date.now();
    // A bastion of its own, that nothing belongs to.
    await LinkedBastion.enrol(labd, 'site-b');
    // An open link notes its sign of life.
    await bastion.disconnect();
    await until(async () =>
      (await table('bastions')).every(({ link_state: state }) => state === 'disconnected'),
    );
  });
  afterAll(() => labd.stop());

  const table = (name: string) =>
    labd.database.database.client.$queryRawUnsafe<Record<string, unknown>[]>(`SELECT * FROM ${name}`);

  /** All that is stored, a line a row. */
  async function stored(): Promise<string[]> {
    const { client } = labd.database.database;
    const tables = await client.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1`;
    const lines: string[] = [];
    for (const { name } of tables) {
      if (name === 'sequence_heads') continue;
      const columns = SEQUENCED[name] ?? 't.*';
      const rows = await client.$queryRawUnsafe<{ row: string }[]>(
        `SELECT r::TEXT AS row FROM (SELECT ${columns} FROM ${name} t) r ORDER BY 1`,
      );
      lines.push(...rows.map(({ row }) => `${name} ${row}`));
    }
    return lines;
  }

  function writeRoutes(): WriteRoute[] {
    const { paths } = openApiDocument(labd.app);
    return Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>)
        .filter(([method]) => method !== 'get')
        .map(([method, { operationId, parameters = [] }]) => ({
          operation: operationId,
          method: method.toUpperCase(),
          path,
          query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        })),
    );
  }

  /** A request of each that would succeed: what its path names, and its body. */
  const requests = (): Readonly<Record<string, [ref: string | null, body?: unknown]>> => {
    const order = { profile: 'fedora-43', role: 'worker' };
    const change = { metadata: { labels: { rack: 'z9' } } };
    const whole = (name: string, spec: object) => ({ metadata: { name, labels: { rack: 'z9' } }, spec });
    const cidr = '10.1.0.0/24';
    return {
      logout: [null],
      changePassword: [null, { current: ADMIN_PASSWORD, next: 'another horse battery' }],
      deleteApiToken: ['ci'],
      createApiToken: [null, { metadata: { name: 'new' }, spec: { scope: ['read:*:*:*'] } }],
      provisionServer: ['srv-000001', order],
      reprovisionServer: ['srv-000003', {}],
      cancelInstall: ['srv-000002'],
      adoptServer: ['srv-000004', { from: 'srv-000001' }],
      forgetServer: ['srv-000001'],
      deleteServer: ['srv-000001'],
      replaceServer: ['srv-000004', whole('srv-000004', {})],
      patchServer: ['srv-000004', change],
      createServer: [null, { metadata: { name: 'new' }, spec: { nics: [{ mac: '52:54:00:99:99:99' }] } }],
      deleteNetwork: ['lab'],
      replaceNetwork: ['lab', whole('lab', { cidr })],
      patchNetwork: ['lab', { spec: { cidr } }],
      createNetwork: [null, { metadata: { name: 'new' }, spec: { cidr } }],
      deleteInstallSettings: ['default'],
      replaceInstallSettings: ['default', whole('default', {})],
      patchInstallSettings: ['default', change],
      createInstallSettings: [null, { metadata: { name: 'new' }, spec: { environment: 'staging' } }],
      deleteCluster: ['prod'],
      replaceCluster: ['prod', whole('prod', {})],
      patchCluster: ['prod', change],
      createCluster: [null, { metadata: { name: 'new' }, spec: {} }],
      setPassword: ['mara', { password: 'another horse battery' }],
      deleteUser: ['mara'],
      replaceUser: ['mara', whole('mara', { displayName: 'Mara' })],
      patchUser: ['mara', change],
      createUser: [null, { metadata: { name: 'new' }, spec: {} }],
      deleteRole: ['operator-a'],
      replaceRole: ['operator-a', whole('operator-a', { permissions: [] })],
      patchRole: ['operator-a', change],
      createRole: [null, { metadata: { name: 'new' }, spec: { permissions: ['read:*:*:*'] } }],
      enrolBastion: [null, { token: joinToken, name: 'site-c' }],
      checkHandover: [null, { token: joinToken, name: 'site-d', servers: [], networks: [], clusters: [] }],
      openHandover: [
        null,
        {
          ...{
            id: randomUUID(),
            token: joinToken,
            name: 'site-d',
            planGeneration: 0,
            streams: [],
            counts: {},
          },
          credential: `lab_bastion_${'x'.repeat(43)}`,
        },
      ],
      takeHandoverPart: [randomUUID(), { part: 1, kind: 'lines', rows: [] }],
      completeHandover: [randomUUID()],
      deleteBastion: ['site-b'],
      replaceBastion: ['site-b', whole('site-b', {})],
      patchBastion: ['site-b', change],
      deleteJoinToken: ['spare'],
      createJoinToken: [null, { metadata: { name: 'new' }, spec: {} }],
      apply: [null, { kind: 'Network', metadata: { name: 'applied' }, spec: { cidr } }],
      login: [null, login],
      refresh: [null, { refreshToken: 'lab_rt_0123456789012345678901234567890123456789012' }],
      loginWithOidc: [null, { idToken: 'a.b.c' }],
      canI: [null, { verb: 'get', resource: 'servers' }],
      verifyAudit: [null, {}],
      diff: [null, { kind: 'Network', metadata: { name: 'applied' }, spec: { cidr } }],
    };
  };

  async function ask({ operation, method, path }: WriteRoute, query: string) {
    const request = requests()[operation];
    if (request === undefined) throw new Error(`say in this spec what a request of ${operation} looks like`);
    const [ref, body] = request;
    return labd.call(method, `${path.replace(/\{(?:ref|id)\}/, ref ?? '')}?${query}`, body);
  }

  it('is taken or refused by each, and what is stored stays as it was', async () => {
    const before = await stored();
    const wrong: unknown[] = [];
    for (const route of routes) {
      const { operation } = route;
      const takes = route.query.includes('dryRun');
      const { status, body } = await ask(route, 'dryRun=true');
      if (takes ? status >= 300 : status !== 400) wrong.push({ operation, status, body });
      const changed = difference(before, await stored());
      if (changed.length > 0) wrong.push({ operation, changed });
    }
    expect(wrong).toEqual([]);
    const without = routes.filter(({ query }) => !query.includes('dryRun'));
    expect(without.map(({ operation }) => operation).sort()).toEqual([...WITHOUT_DRY_RUN].sort());
  });

  it('that is misspelt is refused, for it would be the real thing', async () => {
    const before = await stored();
    for (const route of routes) {
      for (const query of [
        'dryrun=true',
        'dry-run=true',
        'dryRun=yes',
        'dryRun=TRUE',
        'dryRun=1',
        'dryRun=',
        'dryRun',
        'dryRun=true%20',
        'dryRun[]=true',
        'dryRun=true&force=1',
        'dryRun=true&dryRun=false',
      ]) {
        const { status, body } = await ask(route, query);
        expect({ operation: route.operation, query, status, errors: body.errors?.length }).toEqual({
          ...{ operation: route.operation, query, status: 400, errors: 1 },
        });
      }
    }
    expect(difference(before, await stored())).toEqual([]);
  });

  it('that is said in the body, where there is none, is refused for the same reason', async () => {
    const without = ['cancelInstall', 'forgetServer', 'deleteServer', 'deleteCluster', 'logout'];
    const before = await stored();
    for (const { operation, method, path } of routes.filter((each) => without.includes(each.operation))) {
      const [ref] = requests()[operation] ?? [null];
      for (const body of [{ dryRun: true }, { dryRun: ['All'] }, ['dryRun'], 'dryRun']) {
        const { status, body: answer } = await labd.call(method, path.replace('{ref}', ref ?? ''), body);
        expect({ operation, body, status, errors: answer.errors?.length, hint: answer.hint }).toEqual({
          ...{ operation, body, status: 400, errors: 1, hint: expect.stringContaining('no body') },
        });
      }
    }
    expect(difference(before, await stored())).toEqual([]);
  }, 120_000);

  it('needs the permissions that the real thing needs', async () => {
    const reader = await labd.userWith('read:*:*:*');
    const before = await stored();
    for (const verb of ['provision', 'reprovision', 'cancel', 'forget']) {
      const path = `/api/v1/servers/srv-000001/${verb}?dryRun=true`;
      const body = { profile: 'fedora-43', role: 'worker' };
      expect([verb, (await labd.call('POST', path, body, reader)).status]).toEqual([verb, 403]);
      expect([verb, (await labd.call('POST', path, body, null)).status]).toEqual([verb, 401]);
    }
    // The refusals are audited, as they are of the real thing; nothing else is.
    const changed = difference(before, await stored());
    expect(changed.filter((line) => !line.startsWith('+ audit_log '))).toEqual([]);
  });

  it.each([
    '/api/v1/servers?colour=red',
    '/api/v1/servers/srv-000001?colour=red',
    '/api/v1/installs/srv-000003-1?colour=red',
    '/api/v1/servers/srv-000003/logs?colour=red',
    '/api/v1/audit/head?colour=red',
    '/api/v1/auth/whoami?colour=red',
    '/api/v1/watch?colour=red',
    '/api/v1/resources?colour=red',
    '/metrics?colour=red',
    '/healthz?colour=red',
  ])('has its like in reads: %s is refused, too', async (path) => {
    const { status, body } = await labd.call('GET', path);
    expect({ status, errors: body.errors }).toEqual({
      status: 400,
      errors: [{ path: 'colour', message: 'is not known here' }],
    });
  });

  async function until(met: () => Promise<boolean>): Promise<void> {
    while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

/** Lines that are gone and that are new. */
function difference(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}
