import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_PASSWORD, runningLabd, type Loose, type TestLabd } from '../../test/running-labd.js';
import type { ApiTokenDto } from './api-token.dto.js';
import type { CanIAnswerDto, SessionDto, WhoamiDto } from './auth.dto.js';

let labd: TestLabd;
let now = Date.parse('2026-11-23T10:00:00Z');
beforeAll(async () => {
  labd = await runningLabd({ clock: { now: () => now } });
});
afterAll(() => labd.stop());

const make = async (name: string, spec: object = {}, token?: string): Promise<string> => {
  const { status, body } = await labd.call<ApiTokenDto>(
    'POST',
    '/api/v1/apitokens',
    { metadata: { name }, spec },
    token,
  );
  expect(status).toBe(201);
  return body.status.token ?? '';
};
const whoami = (token: string) => labd.call<WhoamiDto>('GET', '/api/v1/auth/whoami', undefined, token);

describe('an API token', () => {
  it('acts for its user within its scope, and is shown once', async () => {
    const token = await make('ci', { scope: ['read:*:*:*', 'apply:*:staging:*'] });
    expect(token).toMatch(/^lab_pat_/);
    expect((await whoami(token)).body).toMatchObject({
      username: 'admin',
      permissions: ['apply:*:staging:*', 'read:*:*:*'],
    });
    const spec = { cidr: '10.0.0.0/8' };
    expect(
      (await labd.call('POST', '/api/v1/networks', { metadata: { name: 'a' }, spec }, token)).status,
    ).toBe(403);
    const staged = { ...spec, environment: 'staging' };
    expect(
      (await labd.call('POST', '/api/v1/networks', { metadata: { name: 'a' }, spec: staged }, token)).status,
    ).toBe(201);
    const shown = await labd.call<ApiTokenDto>('GET', '/api/v1/apitokens/ci');
    expect(shown.body.status).toMatchObject({ user: 'admin', lastUsedAt: new Date(now).toISOString() });
    expect(JSON.stringify(shown.body)).not.toContain(token);
    const rows = JSON.stringify(
      await labd.database.database.client.auditLog.findMany({ select: { after: true } }),
    );
    expect(rows).not.toContain(token);
  });

  it('ends when it expires and when it is deleted', async () => {
    const token = await make('short', { expiresInSeconds: 60 });
    const other = await make('gone');
    expect((await whoami(token)).status).toBe(200);
    now += 61_000;
    expect((await whoami(token)).status).toBe(401);
    await labd.call('DELETE', '/api/v1/apitokens/gone');
    expect((await whoami(other)).status).toBe(401);
  });

  it('makes no other token and changes no password', async () => {
    const token = await make('parent', { scope: ['read:*:*:*'] });
    expect((await labd.call('POST', '/api/v1/apitokens', {}, token)).status).toBe(403);
    const change = { current: ADMIN_PASSWORD, next: 'something else' };
    expect((await labd.call('POST', '/api/v1/auth/password', change, token)).status).toBe(403);
  });

  it("is its user's own, and an administrator's to see", async () => {
    const mine = await labd.userWith('read:*:*:*');
    await make('mine', {}, mine);
    const names = async (token?: string) =>
      (
        await labd.call<{ items: ApiTokenDto[] }>('GET', '/api/v1/apitokens', undefined, token)
      ).body.items.map((item) => item.metadata.name);
    expect(await names(mine)).toEqual(['mine']);
    expect(await names()).toContain('mine');
    expect((await labd.call('GET', '/api/v1/apitokens/ci', undefined, mine)).status).toBe(404);
    expect((await labd.call('DELETE', '/api/v1/apitokens/ci', undefined, mine)).status).toBe(404);
    expect((await labd.call('DELETE', '/api/v1/apitokens/mine', undefined, mine)).status).toBe(200);
  });

  it('names the part of the scope that is wrong', async () => {
    const answer = await labd.call('POST', '/api/v1/apitokens', { spec: { scope: ['read'] } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'spec.scope.0' }] } });
  });
});

describe('can-i', () => {
  it('says what the caller may do, and what it takes', async () => {
    const token = await labd.userWith('apply:default:staging:*');
    await labd.call('POST', '/api/v1/servers', { metadata: { name: 'far' } });
    await labd.call('POST', '/api/v1/servers', {
      metadata: { name: 'near' },
      spec: { environment: 'staging' },
    });
    const canI = (question: object) =>
      labd.call<CanIAnswerDto & Loose>('POST', '/api/v1/auth/can-i', question, token);
    expect((await canI({ verb: 'provision', kind: 'srv' })).body.allowed).toBe(true);
    expect((await canI({ verb: 'delete', kind: 'servers' })).body.allowed).toBe(false);
    expect((await canI({ verb: 'provision', kind: 'server', name: 'near' })).body).toEqual({
      allowed: true,
      needed: 'apply:default:staging:near',
    });
    expect((await canI({ verb: 'get', kind: 'server', name: 'far' })).status).toBe(404);
    expect(
      (await canI({ verb: 'create', kind: 'network', cloud: 'default', environment: 'prod' })).body.allowed,
    ).toBe(false);
    expect((await canI({ verb: 'create', kind: 'users' })).body).toEqual({
      allowed: false,
      needed: 'admin:*:*:*',
    });
    expect((await canI({ verb: 'create', kind: 'apitoken' })).body.allowed).toBe(true);
    expect((await canI({ verb: 'fly', kind: 'server' })).body.errors?.[0]?.path).toBe('verb');
    expect((await canI({ verb: 'get', kind: 'pods' })).body.errors?.[0]?.path).toBe('kind');
    expect((await canI({ verb: 'constructor', kind: 'server' })).status).toBe(400);
  });
});

describe('a password', () => {
  it('is changed with the old one, which ends the other sessions', async () => {
    await labd.call('POST', '/api/v1/users', { metadata: { name: 'pat' }, spec: { roles: ['viewer'] } });
    await labd.call('PUT', '/api/v1/users/pat/password', { password: 'the first one' });
    const login = (password: string) =>
      labd.call<SessionDto>('POST', '/api/v1/auth/login', { username: 'pat', password }, null);
    const here = (await login('the first one')).body.accessToken;
    const elsewhere = (await login('the first one')).body.accessToken;
    const change = (current: string, next: string) =>
      labd.call('POST', '/api/v1/auth/password', { current, next }, here);
    expect((await change('a wrong one', 'the second one')).status).toBe(401);
    expect((await change('the first one', 'short')).status).toBe(400);
    expect((await change('the first one', 'the second one')).status).toBe(204);
    expect((await whoami(here)).status).toBe(200);
    expect((await whoami(elsewhere)).status).toBe(401);
    expect((await login('the first one')).status).toBe(401);
    expect((await login('the second one')).status).toBe(200);
  });
});
