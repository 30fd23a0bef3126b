import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@lab/domain';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testDatabase, type TestDatabase } from '@lab/testing';
import { pino } from 'pino';
import { readAuditKey } from '../src/audit/audit-key.js';
import type { SessionDto } from '../src/auth/auth.dto.js';
import { PasswordHasher } from '../src/auth/password-hasher.js';
import { createLabd } from '../src/create-labd.js';
import type { ProblemDto } from '../src/http/problem.dto.js';
import { DEFAULT_SETTINGS, type Settings } from '../src/injection-tokens.js';
import { seed } from '../src/rbac/seed.repository.js';

export const ADMIN_PASSWORD = 'correct horse battery';

export interface Answer<T> {
  status: number;
  body: T;
  headers: Headers;
}

/** What an answer is, unless the spec says which resource it expects: most likely a problem. */
export type Loose = Partial<ProblemDto> & Record<string, unknown>;

/** labd on a real database and a real port, with an administrator who is logged in. */
export interface TestLabd {
  app: NestFastifyApplication;
  url: string;
  database: TestDatabase;
  auditKey: Buffer;
  /** As the administrator, unless a token (or null: none) is given. */
  call: <T = Loose>(
    method: string,
    path: string,
    body?: unknown,
    token?: string | null,
  ) => Promise<Answer<T>>;
  /** A user with these permissions; answers an access token. */
  userWith: (...permissions: string[]) => Promise<string>;
  adminToken: string;
  /** Ends labd and starts another on the same database. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

export async function runningLabd({
  clock = systemClock,
  settings = {},
}: { clock?: Clock; settings?: Partial<Settings> } = {}): Promise<TestLabd> {
  const database = await testDatabase({ poolSize: 10 });
  const folder = await mkdtemp(join(tmpdir(), 'labd-spec-'));
  const auditKey = await readAuditKey(join(folder, 'audit.key'));
  await seed(database.database, new PasswordHasher(), auditKey, clock, ADMIN_PASSWORD);
  const start = async (port = 0): Promise<NestFastifyApplication> => {
    const logger = pino({ level: process.env['LABD_SPEC_LOG'] ?? 'silent' });
    const app = await createLabd({
      ...{ database: database.database, auditKey, clock, logger },
      settings: { ...DEFAULT_SETTINGS, ...settings },
    });
    await app.listen(port, '127.0.0.1');
    return app;
  };

  const labd: TestLabd = {
    app: await start(),
    url: '',
    database,
    auditKey,
    adminToken: '',
    // The spec says what it expects, and fails if it is wrong.
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
    call: async <T>(method: string, path: string, body?: unknown, token: string | null = labd.adminToken) => {
      const response = await fetch(new URL(path, labd.url), {
        method,
        headers: {
          ...(token !== null && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') === true;
      return {
        status: response.status,
        body: (json ? JSON.parse(text) : text) as T,
        headers: response.headers,
      };
    },
    userWith: async (...permissions) => {
      const name = `user-${randomBytes(4).toString('hex')}`;
      await addUser(database, name, permissions);
      const { body } = await labd.call<SessionDto>(
        'POST',
        '/api/v1/auth/login',
        { username: name, password: ADMIN_PASSWORD },
        null,
      );
      return body.accessToken;
    },
    restart: async () => {
      const { port } = new URL(labd.url);
      await labd.app.close();
      labd.app = await start(Number(port));
    },
    stop: async () => {
      await labd.app.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  labd.url = await labd.app.getUrl();
  const login = await labd.call<SessionDto>(
    'POST',
    '/api/v1/auth/login',
    { username: 'admin', password: ADMIN_PASSWORD },
    null,
  );
  labd.adminToken = login.body.accessToken;
  return labd;
}

async function addUser(
  { database }: TestDatabase,
  name: string,
  permissions: readonly string[],
): Promise<void> {
  const admin = await database.client.user.findUniqueOrThrow({ where: { name: 'admin' } });
  await database.client.permission.createMany({
    data: permissions.map((pattern) => ({ pattern })),
    skipDuplicates: true,
  });
  const granted = await database.client.permission.findMany({ where: { pattern: { in: [...permissions] } } });
  const role = await database.client.role.create({
    data: {
      name: `role-of-${name}`,
      permissions: { create: granted.map(({ id }) => ({ permissionId: id })) },
    },
  });
  await database.client.user.create({
    data: {
      name,
      passwordHash: admin.passwordHash,
      roles: { create: { roleId: role.id, grantedBy: 'spec' } },
    },
  });
}
