import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import Provider from 'oidc-provider';
import { LabUnderTest, eventually } from '../lab-under-test.js';

/** Who the provider knows; the subject is the key. */
const PEOPLE: Readonly<Record<string, { preferred_username: string; name: string; groups: string[] }>> = {
  'sub-mara': { preferred_username: 'mara', name: 'Mara Novak', groups: ['lab-operators', 'cooks'] },
  'sub-thief': { preferred_username: 'admin', name: 'Not The Administrator', groups: [] },
  'sub-odd': { preferred_username: 'x\u001b[31m; rm -rf', name: '', groups: [] },
};

/** An OpenID Connect provider on loopback; whoever logs in there types their subject as name. */
async function startProvider(): Promise<{ issuer: string; server: Server }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // It warns that its keys and its pages are for trying things out: they are.
  for (const level of ['warn', 'info'] as const) jest.spyOn(console, level).mockReturnValue();
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'labctl',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub', 'groups'], profile: ['name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...PEOPLE[sub] }),
    }),
  });
  server.on('request', provider.callback() as (...of: unknown[]) => void);
  return { issuer, server };
}

/** What a person does with a browser: follows redirects, keeps cookies, fills in the provider's two forms. */
async function browse(url: string, who: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next: { url: string; form?: URLSearchParams } = { url };
  for (let pages = 0; pages < 20; pages += 1) {
    const response = await fetch(next.url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(next.form !== undefined && { method: 'POST', body: next.form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    const text = await response.text();
    if (location !== null) {
      next = { url: new URL(location, next.url).href };
      continue;
    }
    const action = /<form[^>]+action="([^"]+)"/.exec(text)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    if (action === undefined || prompt === undefined) return text;
    const form = new URLSearchParams({ prompt, ...(prompt === 'login' && { login: who, password: 'any' }) });
    next = { url: new URL(action, next.url).href, form };
  }
  throw new Error('the provider sends us round in circles');
}

describe('a login at an identity provider', () => {
  let lab: LabUnderTest;
  let provider: { issuer: string; server: Server };
  beforeAll(async () => {
    provider = await startProvider();
    lab = await LabUnderTest.create({
      LABD_OIDC_ISSUER: provider.issuer,
      LABD_OIDC_CLIENT_ID: 'labctl',
      LABD_OIDC_ROLES: 'lab-operators=operator,lab-admins=admin',
    });
    await lab.start();
  });
  afterAll(async () => {
    await lab.stop();
    provider.server.close();
    provider.server.closeAllConnections();
  });

  /** `labctl login --oidc` in a context of its own, with somebody at the browser. */
  async function logIn(who: string): Promise<{ code: number | null; stderr: string; page: string }> {
    const labctl = lab.startLabctl([
      'login',
      lab.lab.labdUrl,
      '--oidc',
      '--no-browser',
      '--context',
      `as-${who}`,
    ]);
    const ended = labctl.result.then(({ code, stderr }) => ({ code, stderr }));
    const url = await Promise.race([
      eventually('labctl shows a page', () => /^ {2}(http\S+)$/m.exec(labctl.output())?.[1]),
      ended.then(() => undefined),
    ]);
    const page = url === undefined ? '' : await browse(url, who);
    return { ...(await ended), page };
  }

  it('makes a user with the roles of their groups', async () => {
    const login = await logIn('sub-mara');
    expect(login).toMatchObject({ code: 0, stderr: expect.stringContaining(' as mara ') });
    expect(login.page).toContain('You are logged in');
    const whoami = await lab.labctl('auth', 'whoami', '-o', 'json', '--context', 'as-sub-mara');
    expect(JSON.parse(whoami.stdout)).toMatchObject({ username: 'mara', roles: ['operator'] });
    expect(await lab.get('/users/mara')).toMatchObject({
      spec: { displayName: 'Mara Novak', roles: ['operator'] },
      status: { hasPassword: false, identity: `${provider.issuer} sub-mara` },
    });
  });

  it('takes away a role with its group, and keeps those that an administrator gave', async () => {
    await lab.request('/users/mara', {
      method: 'PATCH',
      body: { spec: { roles: ['operator', 'viewer'] } },
    });
    PEOPLE['sub-mara']?.groups.splice(0, 1);
    expect(await logIn('sub-mara')).toMatchObject({ code: 0 });
    expect(await lab.get('/users/mara')).toMatchObject({ spec: { roles: ['viewer'] } });
  });

  it('gives nobody the account of a user who has a password', async () => {
    expect(await logIn('sub-thief')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('another user admin'),
    });
    const audit = await lab.get<{ items: { action: string; after: unknown }[] }>('/audit?limit=5');
    expect(audit?.items).toContainEqual(
      expect.objectContaining({
        action: 'refused',
        after: expect.objectContaining({ what: 'login by the identity provider' }),
      }),
    );
  });

  it('takes over a user whom an administrator made beforehand', async () => {
    await lab.request('/users', {
      method: 'POST',
      body: { metadata: { name: 'nils' }, spec: { roles: ['viewer'] } },
    });
    Object.assign(PEOPLE, { 'sub-nils': { preferred_username: 'Nils', name: 'Nils', groups: [] } });
    expect(await logIn('sub-nils')).toMatchObject({ code: 0, stderr: expect.stringContaining(' as nils ') });
    expect(await lab.get('/users/nils')).toMatchObject({ spec: { roles: ['viewer'] } });
  });

  it('refuses a name that is none, in text that is safe to print', async () => {
    const { code, stderr } = await logIn('sub-odd');
    expect(code).toBe(4);
    expect(stderr).toContain("can't be a user's name");
    expect(stderr).not.toContain('\u001b');
  });

  it.each([
    ['is none', 'nonsense'],
    ['has no signature', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdWItbWFyYSJ9.'],
  ])('refuses a token that %s', async (_what, idToken) => {
    const answer = await lab.request('/auth/oidc', { method: 'POST', body: { idToken } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'not-logged-in', hint: expect.any(String) });
  });

  it('says when the provider is away; passwords still work', async () => {
    provider.server.close();
    provider.server.closeAllConnections();
    const away = await lab.labctl('login', lab.lab.labdUrl, '--oidc', '--no-browser');
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining("can't be reached") });
    expect((await lab.request('/auth/whoami')).status).toBe(200);
  });
});
