import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';

/** Roles as people have them: the three that come with labd, and some that see only a part. */
const ROLES = {
  admin: ['admin:*:*:*'],
  operator: ['read:*:*:*', 'apply:*:*:*', 'destroy:*:*:*'],
  viewer: ['read:*:*:*'],
  'staging-operator': ['apply:*:staging:*', 'destroy:*:staging:*'],
  'staging-viewer': ['read:*:staging:*'],
  'one-server': ['apply:*:*:s-staging'],
  'other-cloud': ['admin:elsewhere:*:*'],
  nobody: [],
} as const;
type RoleName = keyof typeof ROLES;

/**
 * For each role what the answer is, in the order of ROLES: `+` done, `-` not allowed (403), `0` doesn't exist for them (404).
 * A list is `+` whenever it may be asked for; what is in it is below.
 */
const MATRIX: readonly [string, string, string][] = [
  // method and path, and the answer to: admin operator viewer staging-operator staging-viewer one-server other-cloud nobody
  ['list', 'servers', '++++++ +-'],
  ['get', 'servers/s-staging', '++++++ 0-'],
  ['get', 'servers/s-default', '+++000 0-'],
  ['patch', 'servers/s-staging', '++-+-+ 0-'],
  ['patch', 'servers/s-default', '++-0-0 0-'],
  ['delete', 'servers/s-staging', '++-+-- 0-'],
  ['provision', 'servers/s-staging', '++-+-+ 0-'],
  ['list', 'networks', '+++++- +-'],
  ['get', 'networks/n-staging', '+++++- 0-'],
  ['get', 'networks/n-default', '+++00- 0-'],
  ['create', 'networks:staging', '++-+-- --'],
  ['create', 'networks:default', '++---- --'],
  ['patch', 'networks/n-staging', '++-+-- 0-'],
  ['delete', 'networks/n-staging', '++-+-- 0-'],
  ['list', 'installsettings', '+++++- +-'],
  ['get', 'installsettings/i-staging', '+++++- 0-'],
  ['create', 'installsettings:elsewhere', '++---- --'],
  ['patch', 'installsettings/i-staging', '++-+-- 0-'],
  ['delete', 'installsettings/i-default', '++-0-- 0-'],
  ['get', 'clusters/c-staging', '+++++- 0-'],
  ['patch', 'clusters/c-staging', '++-+-- 0-'],
  ['delete', 'clusters/c-staging', '++-+-- 0-'],
  ['list', 'bastions', '+++++- +-'],
  ['list', 'installs', '++++++ +-'],
  ['list', 'users', '+----- --'],
  ['get', 'users/admin', '+----- --'],
  ['create', 'users', '+----- --'],
  ['list', 'roles', '+++--- --'],
  ['get', 'roles/viewer', '+++--- --'],
  ['create', 'roles', '+----- --'],
  ['list', 'tokens', '+----- --'],
  ['create', 'tokens', '+----- --'],
  ['list', 'apitokens', '++++++ ++'],
  ['create', 'apitokens', '++++++ ++'],
  ['list', 'audit', '+----- --'],
  ['verify', 'audit', '+----- --'],
  ['metrics', '', '+++--- --'],
];

describe('who may do what', () => {
  let labd: TestLabd;
  const tokens = new Map<RoleName, string>();

  beforeAll(async () => {
    labd = await runningLabd();
    for (const [role, permissions] of Object.entries(ROLES)) {
      tokens.set(role as RoleName, await labd.userWith(...permissions));
    }
    let subnet = 0;
    for (const environment of ['staging', 'default']) {
      subnet += 1;
      await make('servers', `s-${environment}`, { environment });
      await make('networks', `n-${environment}`, { environment, cidr: `10.${subnet}.0.0/16` });
      await make('installsettings', `i-${environment}`, { environment });
      await make('clusters', `c-${environment}`, { environment });
    }
  });
  afterAll(() => labd.stop());

  const make = async (plural: string, name: string, spec: object): Promise<void> => {
    const { status } = await labd.call('POST', `/api/v1/${plural}`, { metadata: { name }, spec });
    expect({ name, status }).toEqual({ name, status: 201 });
  };

  it.each(MATRIX)('%s %s: %s', async (verb, what, answers) => {
    const expected = answers.replace(' ', '');
    let found = '';
    for (const role of Object.keys(ROLES) as RoleName[])
      found += await outcome(verb, what, tokens.get(role) ?? '');
    expect(found).toBe(expected);
  });

  /** Dry runs: what is asked for everybody stays as it is. */
  async function outcome(verb: string, what: string, token: string): Promise<string> {
    const [path = '', environment] = what.split(':');
    const name = `new-${Math.random().toString(36).slice(2, 10)}`;
    const api = `/api/v1/${path}`;
    const created: Record<string, object> = {
      networks: { cidr: '10.250.0.0/16', environment },
      installsettings: { environment },
      users: { roles: [] },
      roles: { permissions: [] },
    };
    const requests: Record<string, () => Promise<{ status: number }>> = {
      list: () => labd.call('GET', api, undefined, token),
      get: () => labd.call('GET', api, undefined, token),
      patch: () => labd.call('PATCH', `${api}?dryRun=true`, { metadata: { labels: { x: 'y' } } }, token),
      delete: () => labd.call('DELETE', `${api}?dryRun=true`, undefined, token),
      create: () =>
        labd.call('POST', `${api}?dryRun=true`, { metadata: { name }, spec: created[path] ?? {} }, token),
      // It has no bastion: whoever may is told so.
      provision: () => labd.call('POST', `${api}/provision`, { profile: 'fedora-43', role: 'worker' }, token),
      verify: () => labd.call('POST', `${api}/verify`, {}, token),
      metrics: () => labd.call('GET', '/metrics', undefined, token),
    };
    const { status } = (await requests[verb]?.()) ?? { status: 0 };
    return { 200: '+', 201: '+', 403: '-', 404: '0', 409: '+', 503: '+' }[status] ?? String(status);
  }

  it.each([
    ['admin', ['s-default', 's-staging']],
    ['viewer', ['s-default', 's-staging']],
    ['staging-viewer', ['s-staging']],
    ['one-server', ['s-staging']],
    ['other-cloud', []],
  ] as const)('%s sees of the servers: %j', async (role, names) => {
    const { body } = await labd.call<{ items: { metadata: { name: string } }[] }>(
      'GET',
      '/api/v1/servers',
      undefined,
      tokens.get(role) ?? '',
    );
    expect(body.items.map((item) => item.metadata.name)).toEqual(names);
  });
});
