import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../http/problem.dto.js';
import type { SessionDto } from './auth.dto.js';
import { ADMIN_PASSWORD, runningLabd, type TestLabd } from '../../test/running-labd.js';

describe('login', () => {
  let labd: TestLabd;
  let now = Date.now();
  beforeAll(async () => {
    labd = await runningLabd({ clock: { now: () => now } });
  });
  afterAll(() => labd.stop());

  const login = (password = ADMIN_PASSWORD, username = 'admin') =>
    labd.call<SessionDto & Partial<ProblemDto>>('POST', '/api/v1/auth/login', { username, password }, null);
  const refresh = (refreshToken: string) =>
    labd.call<SessionDto>('POST', '/api/v1/auth/refresh', { refreshToken }, null);
  const whoami = async (token: string) =>
    (await labd.call('GET', '/api/v1/auth/whoami', undefined, token)).status;

  it('gives a short access token and a refresh token', async () => {
    const { status, body } = await login();
    expect(status).toBe(200);
    expect(Date.parse(body.expiresAt) - now).toBe(15 * 60_000);
    const me = await labd.call('GET', '/api/v1/auth/whoami', undefined, body.accessToken);
    expect(me.body).toEqual({ username: 'admin', roles: ['admin'], permissions: ['admin:*:*:*'] });
  });

  it('keeps no token and no password readable in the database', async () => {
    const { body } = await login();
    const rows = JSON.stringify([
      await labd.database.database.client.session.findMany(),
      await labd.database.database.client.user.findMany(),
      await labd.database.database.client.auditLog.findMany({ omit: { seq: true } }),
    ]);
    for (const secret of [body.accessToken, body.refreshToken, ADMIN_PASSWORD])
      expect(rows).not.toContain(secret);
    expect(rows).toContain('$argon2id$');
  });

  it('does not tell a wrong name from a wrong password', async () => {
    const wrongName = await login('whatever1', 'nobody');
    const wrongPassword = await login('whatever1');
    const { requestId: _1, ...left } = wrongName.body;
    const { requestId: _2, ...right } = wrongPassword.body;
    expect(left).toEqual(right);
    expect(wrongName.status).toBe(401);
    await login();
  });

  it('ends access when the access token expires, and goes on with the refresh token', async () => {
    const first = (await login()).body;
    now += 15 * 60_000 + 1;
    expect(await whoami(first.accessToken)).toBe(401);
    const second = await refresh(first.refreshToken);
    expect(second.status).toBe(200);
    expect(await whoami(second.body.accessToken)).toBe(200);
  });

  it('ends the session when a refresh token is used twice', async () => {
    const first = (await login()).body;
    const second = (await refresh(first.refreshToken)).body;
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect(await whoami(second.accessToken)).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(401);
  });

  it('ends with the logout', async () => {
    const session = (await login()).body;
    expect((await labd.call('POST', '/api/v1/auth/logout', undefined, session.accessToken)).status).toBe(204);
    expect(await whoami(session.accessToken)).toBe(401);
    expect((await refresh(session.refreshToken)).status).toBe(401);
  });

  it('makes whoever guesses wait, and lets the right password in afterwards', async () => {
    for (let guess = 0; guess < 5; guess += 1) expect((await login(`wrong-${guess}`)).status).toBe(401);
    const throttled = await login();
    expect(throttled.status).toBe(429);
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
    now += 6_000;
    expect((await login()).status).toBe(200);
  });

  it.each([
    ['no body', undefined],
    ['an unknown field', { username: 'admin', password: 'x', admin: true }],
    ['a number for a name', { username: 7, password: 'x' }],
    ['a NUL', { username: 'ad\u0000min', password: 'x' }],
    ['half a surrogate pair', { username: 'ad\ud800min', password: 'x' }],
  ])('answers 400 to %s', async (_what, body) => {
    const answer = await labd.call('POST', '/api/v1/auth/login', body, null);
    expect(answer.status).toBe(400);
    expect(answer.body.type).toBe('urn:lab:problem:invalid');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
