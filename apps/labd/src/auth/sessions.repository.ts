import { intersect, parsePermission, type Permission } from '@lab/domain';
import { Prisma, type Database, type Session, type TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { API_TOKEN_PREFIX, hashOf } from './tokens.js';

/** The user of a session and what they may do. */
export interface SessionUser {
  sessionId: string;
  userId: string;
  username: string;
  /** With an API token, not a login. */
  byToken: boolean;
  roles: readonly string[];
  grants: readonly Permission[];
}

/** Hashes of a session's secrets, and how long each is good. */
export interface SessionSecrets {
  accessTokenHash: string;
  refreshTokenHash: string;
  accessExpiresAt: Date;
  refreshExpiresAt: Date;
}

interface SessionRow {
  session_id: string;
  user_id: string;
  username: string;
  scope: string[] | null;
  last_used_at: Date | null;
  role: string | null;
  pattern: string | null;
}

const NOTED_EVERY_MS = 60_000;

const USER_COLUMNS = Prisma.sql`u.id AS user_id, u.name AS username, r.name AS role, p.pattern`;
/** The user of `s`, with roles and permissions. */
const USER_OF_S = Prisma.sql`
  JOIN users u ON u.id = s.user_id
  LEFT JOIN user_roles ur ON ur.user_id = u.id
  LEFT JOIN roles r ON r.id = ur.role_id
  LEFT JOIN role_permissions rp ON rp.role_id = r.id
  LEFT JOIN permissions p ON p.id = rp.permission_id`;

function toSessionUser(rows: readonly SessionRow[], byToken: boolean): SessionUser | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const patterns = new Set(rows.flatMap((row) => (row.pattern === null ? [] : [row.pattern])));
  const grants = [...patterns].map(parsePermission);
  return {
    sessionId: first.session_id,
    userId: first.user_id,
    username: first.username,
    byToken,
    roles: [...new Set(rows.flatMap((row) => (row.role === null ? [] : [row.role])))],
    grants: first.scope === null ? grants : intersect(grants, first.scope.map(parsePermission)),
  };
}

@Injectable()
export class SessionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Whoever a bearer token is from, if it is good. */
  find(token: string, now: Date): Promise<SessionUser | undefined> {
    return this.findByHash(hashOf(token), token.startsWith(`${API_TOKEN_PREFIX}_`), now);
  }

  findByHash(hash: string, byToken: boolean, now: Date): Promise<SessionUser | undefined> {
    return byToken ? this.findByApiToken(hash, now) : this.findByAccessToken(hash, now);
  }

  /** One statement: it runs for every request. */
  async findByAccessToken(accessTokenHash: string, now: Date): Promise<SessionUser | undefined> {
    const rows = await this.database.client.$queryRaw<SessionRow[]>`
      SELECT s.id AS session_id, NULL::JSONB AS scope, NULL::TIMESTAMPTZ AS last_used_at, ${USER_COLUMNS}
      FROM sessions s ${USER_OF_S}
      WHERE s.access_token_hash = ${accessTokenHash} AND s.access_expires_at > ${now}
        AND s.revoked_at IS NULL AND u.disabled_at IS NULL
      ORDER BY r.name, p.pattern`;
    return toSessionUser(rows, false);
  }

  /** The same for a program's token; what it may do is limited by its scope. Notes its use, to the minute. */
  async findByApiToken(tokenHash: string, now: Date): Promise<SessionUser | undefined> {
    const rows = await this.database.client.$queryRaw<SessionRow[]>`
      SELECT s.id AS session_id, s.scope, s.last_used_at, ${USER_COLUMNS}
      FROM api_tokens s ${USER_OF_S}
      WHERE s.token_hash = ${tokenHash} AND (s.expires_at IS NULL OR s.expires_at > ${now})
        AND s.revoked_at IS NULL AND u.disabled_at IS NULL
      ORDER BY r.name, p.pattern`;
    const [first] = rows;
    if (first !== undefined && now.getTime() - (first.last_used_at?.getTime() ?? 0) > NOTED_EVERY_MS) {
      await this.database.client.apiToken.updateMany({
        where: { id: first.session_id },
        data: { lastUsedAt: now },
      });
    }
    return toSessionUser(rows, true);
  }

  async create(
    tx: TransactionClient,
    userId: string,
    secrets: SessionSecrets,
    about: { address: string; userAgent: string | null; endsAt: Date | null },
    now: Date,
  ): Promise<string> {
    // A user's dead sessions go when the next one is made: the table stays as long as its users are many.
    await tx.session.deleteMany({
      where: { userId, OR: [{ refreshExpiresAt: { lt: now } }, { revokedAt: { not: null } }] },
    });
    const session = await tx.session.create({ data: { userId, ...secrets, ...about, lastUsedAt: now } });
    return session.id;
  }

  async findByRefreshToken(
    tx: TransactionClient,
    refreshTokenHash: string,
  ): Promise<(Session & { user: { name: string; disabledAt: Date | null } }) | null> {
    return tx.session.findFirst({
      where: { OR: [{ refreshTokenHash }, { previousRefreshTokenHash: refreshTokenHash }] },
      include: { user: { select: { name: true, disabledAt: true } } },
    });
  }

  async rotate(
    tx: TransactionClient,
    sessionId: string,
    usedTokenHash: string,
    secrets: SessionSecrets,
    now: Date,
  ): Promise<void> {
    await tx.session.update({
      where: { id: sessionId },
      data: { ...secrets, previousRefreshTokenHash: usedTokenHash, lastUsedAt: now },
    });
  }

  async revoke(tx: TransactionClient, sessionId: string, now: Date): Promise<void> {
    await tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: now } });
  }

  /** All of a user's sessions, but for that one. */
  async revokeOthers(
    tx: TransactionClient,
    userId: string,
    sessionId: string | undefined,
    now: Date,
  ): Promise<void> {
    await tx.session.updateMany({
      where: { userId, revokedAt: null, ...(sessionId !== undefined && { NOT: { id: sessionId } }) },
      data: { revokedAt: now },
    });
  }
}
