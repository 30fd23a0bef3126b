import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_PASSWORD, runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { SessionDto } from '../auth/auth.dto.js';
import type { UserDto } from './user.dto.js';

let labd: TestLabd;
beforeAll(async () => {
  labd = await runningLabd();
});
afterAll(() => labd.stop());

const create = (plural: string, name: string, spec: object = {}, token?: string) =>
  labd.call('POST', `/api/v1/${plural}`, { metadata: { name }, spec }, token);
const login = (username: string, password: string) =>
  labd.call<SessionDto>('POST', '/api/v1/auth/login', { username, password }, null);

describe('a user', () => {
  it('logs in once they have a password, and is out at once when disabled', async () => {
    expect((await create('users', 'mara', { displayName: 'Mara', roles: ['viewer'] })).status).toBe(201);
    expect((await login('mara', 'anything at all')).status).toBe(401);
    expect(
      (await labd.call('PUT', '/api/v1/users/mara/password', { password: 'a long enough one' })).status,
    ).toBe(204);
    const { body } = await login('mara', 'a long enough one');
    expect((await labd.call('GET', '/api/v1/servers', undefined, body.accessToken)).status).toBe(200);
    expect((await create('networks', 'not-hers', { cidr: '10.0.0.0/8' }, body.accessToken)).status).toBe(403);
    expect((await labd.call('GET', '/api/v1/users', undefined, body.accessToken)).status).toBe(403);
    await labd.call('PATCH', '/api/v1/users/mara', { spec: { disabled: true } });
    expect((await labd.call('GET', '/api/v1/servers', undefined, body.accessToken)).status).toBe(401);
  });

  it('is shown without any secret', async () => {
    const { body } = await labd.call<{ items: UserDto[] }>('GET', '/api/v1/users?role=admin');
    expect(body.items.map((user) => user.metadata.name)).toEqual(['admin']);
    expect(JSON.stringify(body)).not.toMatch(/argon2|password(?!":true)[^"]*":"/i);
  });

  it.each([
    ['a short password', { password: 'short' }],
    ['their own name', { password: 'longname' }],
    ['no password', {}],
  ])('gets no password with %s', async (_what, body) => {
    await create('users', 'longname');
    expect((await labd.call('PUT', '/api/v1/users/longname/password', body)).status).toBe(400);
  });

  it('needs roles that exist', async () => {
    const { status, body } = await create('users', 'nobody', { roles: ['viewer', 'emperor'] });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'spec.roles' });
  });
});

describe('the last administrator', () => {
  it.each([
    ['deleted', 'DELETE', undefined],
    ['disabled', 'PATCH', { spec: { disabled: true } }],
    ['left without the role', 'PATCH', { spec: { roles: ['viewer'] } }],
  ])("can't be %s", async (_what, method, body) => {
    const { status, body: problem } = await labd.call(method, '/api/v1/users/admin', body);
    expect({ status, code: problem.code }).toEqual({ status: 409, code: 'in-use' });
  });

  it('can, once there is another', async () => {
    await create('users', 'second', { roles: ['admin'] });
    const tried = await labd.call('PATCH', '/api/v1/users/admin?dryRun=true', { spec: { disabled: true } });
    expect(tried.status).toBe(200);
    expect((await login('admin', ADMIN_PASSWORD)).status).toBe(200);
    await labd.call('DELETE', '/api/v1/users/second');
  });
});

describe('a role', () => {
  it('holds permissions, and stays while somebody has it', async () => {
    const created = await create('roles', 'staging', {
      permissions: ['apply:*:staging:*', 'apply:*:staging:*'],
    });
    expect(created).toMatchObject({ status: 201, body: { spec: { permissions: ['apply:*:staging:*'] } } });
    await create('users', 'stan', { roles: ['staging'] });
    expect(await labd.call('DELETE', '/api/v1/roles/staging')).toMatchObject({
      status: 409,
      body: { dependents: ['user/stan'] },
    });
    await labd.call('DELETE', '/api/v1/users/stan');
    expect((await labd.call('DELETE', '/api/v1/roles/staging')).status).toBe(200);
  });

  it('that came with the program stays as it is', async () => {
    expect((await labd.call('PATCH', '/api/v1/roles/viewer', { spec: { description: 'x' } })).status).toBe(
      403,
    );
    expect((await labd.call('DELETE', '/api/v1/roles/operator')).status).toBe(403);
  });

  it('names the permission that is malformed', async () => {
    const { status, body } = await create('roles', 'bad', { permissions: ['read:*:*:*', 'fly:*:*:*'] });
    expect({ status, path: body.errors?.[0]?.path }).toEqual({ status: 400, path: 'spec.permissions.1' });
  });
});

describe('nobody', () => {
  it('makes an administrator of themselves or others without being one', async () => {
    const token = await labd.userWith('read:*:*:*', 'apply:*:*:*', 'destroy:*:*:*', 'admin:dc1:*:*');
    expect((await create('users', 'eve', { roles: ['admin'] }, token)).status).toBe(403);
    expect((await create('roles', 'mine', { permissions: ['admin:*:*:*'] }, token)).status).toBe(403);
    expect(
      (await labd.call('PUT', '/api/v1/users/admin/password', { password: 'taken over now' }, token)).status,
    ).toBe(403);
    expect(
      (await labd.call('PATCH', '/api/v1/users/admin', { spec: { disabled: true } }, token)).status,
    ).toBe(403);
  });
});
