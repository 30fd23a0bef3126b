import { parsePermission, type Permission } from '@lab/domain';
import type { Database, Session, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';

/** The user of a session and what they may do. */
export interface SessionUser {
  sessionId: string;
  userId: string;
  username: string;
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
  role: string | null;
  pattern: string | null;
}

@Injectable()
export class SessionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** One statement: it runs for every request. */
  async findByAccessToken(accessTokenHash: string, now: Date): Promise<SessionUser | undefined> {
    const rows = await this.database.client.$queryRaw<SessionRow[]>`
      SELECT s.id AS session_id, u.id AS user_id, u.name AS username, r.name AS role, p.pattern
      FROM sessions s
      JOIN users u ON u.id = s.user_id
      LEFT JOIN user_roles ur ON ur.user_id = u.id
      LEFT JOIN roles r ON r.id = ur.role_id
      LEFT JOIN role_permissions rp ON rp.role_id = r.id
      LEFT JOIN permissions p ON p.id = rp.permission_id
      WHERE s.access_token_hash = ${accessTokenHash} AND s.access_expires_at > ${now}
        AND s.revoked_at IS NULL AND u.disabled_at IS NULL
      ORDER BY r.name, p.pattern`;
    const first = rows[0];
    if (first === undefined) return undefined;
    const patterns = new Set(rows.flatMap((row) => (row.pattern === null ? [] : [row.pattern])));
    return {
      sessionId: first.session_id,
      userId: first.user_id,
      username: first.username,
      roles: [...new Set(rows.flatMap((row) => (row.role === null ? [] : [row.role])))],
      grants: [...patterns].map(parsePermission),
    };
  }

  async create(
    tx: TransactionClient,
    userId: string,
    secrets: SessionSecrets,
    from: { address: string; userAgent: string | null },
    now: Date,
  ): Promise<string> {
    // A user's dead sessions go when the next one is made: the table stays as long as its users are many.
    await tx.session.deleteMany({
      where: { userId, OR: [{ refreshExpiresAt: { lt: now } }, { revokedAt: { not: null } }] },
    });
    const session = await tx.session.create({ data: { userId, ...secrets, ...from, lastUsedAt: now } });
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
}
