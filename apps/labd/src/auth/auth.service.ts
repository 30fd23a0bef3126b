import { LabError, type Clock } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import { Refusals } from '../audit/refusals.service.js';
import { CLOCK, DATABASE } from '../injection-tokens.js';
import { ResourceService, type WriteOptions } from '../resources/resource.service.js';
import type { SessionDto } from './auth.dto.js';
import type { Caller } from './caller.js';
import { LoginAttempts } from './login-attempts.service.js';
import type { Origin } from './origin.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionsRepository, type SessionSecrets } from './sessions.repository.js';
import { hashOf, newToken } from './tokens.js';
import { UsersRepository, type LoginUser } from './users.repository.js';

const ACCESS_MS = 15 * 60_000;
const REFRESH_MS = 30 * 24 * 3_600_000;

@Injectable()
export class AuthService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly passwords: PasswordHasher,
    private readonly attempts: LoginAttempts,
    private readonly audit: AuditTrail,
    private readonly refusals: Refusals,
    private readonly resources: ResourceService,
  ) {}

  /** A wrong name and a wrong password are told apart neither by the answer nor by its time. */
  async login(username: string, password: string, origin: Origin): Promise<SessionDto> {
    const now = new Date(this.clock.now());
    const user = await this.#prove(username, password, origin, now);
    return this.database.transaction((tx) => this.open(tx, user, origin, now, null));
  }

  /** A session for somebody who has proved who they are. `endsAt`: refreshing goes no further. */
  async open(
    tx: TransactionClient,
    user: { id: string; name: string },
    origin: Origin,
    now: Date,
    endsAt: Date | null,
  ): Promise<SessionDto> {
    const { answer, secrets } = this.#newSecrets(user.name, now, endsAt);
    await this.users.countSuccess(tx, user.id, now);
    const { address, userAgent } = origin;
    const sessionId = await this.sessions.create(tx, user.id, secrets, { address, userAgent, endsAt }, now);
    await this.audit.record(tx, [
      {
        at: now,
        actor: `user:${user.name}`,
        action: 'login',
        kind: 'Session',
        resourceId: sessionId,
        resourceName: user.name,
        requestId: origin.requestId,
        source: address,
      },
    ]);
    return answer;
  }

  /** A refresh token is good once. Whoever shows the one before has a stolen copy or was robbed: the session ends. */
  async refresh(refreshToken: string, origin: Origin): Promise<SessionDto> {
    const used = hashOf(refreshToken);
    const now = new Date(this.clock.now());
    const answer = await this.database.transaction(async (tx) => {
      const session = await this.sessions.findByRefreshToken(tx, used);
      if (session === null || session.revokedAt !== null || session.user.disabledAt !== null)
        return undefined;
      if (session.refreshTokenHash !== used) {
        await this.sessions.revoke(tx, session.id, now);
        await this.audit.record(tx, [
          {
            at: now,
            actor: `user:${session.user.name}`,
            action: 'refresh-token-reused',
            kind: 'Session',
            resourceId: session.id,
            resourceName: session.user.name,
            requestId: origin.requestId,
            source: origin.address,
          },
        ]);
        return undefined;
      }
      if (session.refreshExpiresAt <= now) return undefined;
      const next = this.#newSecrets(session.user.name, now, session.endsAt);
      await this.sessions.rotate(tx, session.id, used, next.secrets, now);
      return next.answer;
    });
    if (answer !== undefined) return answer;
    throw new LabError('not-logged-in', 'The session has ended', { hint: 'Log in with: labctl login' });
  }

  async logout(caller: Caller): Promise<void> {
    const now = new Date(this.clock.now());
    await this.database.transaction((tx) => this.sessions.revoke(tx, caller.sessionId, now));
  }

  /** With the present password, which is counted as a login's is. A program's token can't. */
  async changePassword(
    caller: Caller,
    current: string,
    next: string,
    { dryRun = false }: WriteOptions,
  ): Promise<void> {
    if (caller.byToken) {
      throw new LabError('not-allowed', 'An API token can’t change its user’s password', {
        hint: 'Log in with the password to change it.',
      });
    }
    if (next.toLowerCase() === caller.username) {
      throw new LabError('invalid', 'next: is the name of the user', {
        hint: 'Choose another password.',
        errors: [{ path: 'next', message: 'is the name of the user' }],
      });
    }
    const now = new Date(this.clock.now());
    const { requestId, address } = caller;
    const user = await this.#prove(caller.username, current, { requestId, address, userAgent: null }, now);
    const passwordHash = await this.passwords.hash(next);
    await this.resources.transaction(dryRun, async (tx) => {
      await this.users.setPassword(tx, user.id, passwordHash, now);
      await this.sessions.revokeOthers(tx, user.id, caller.sessionId, now);
      await this.audit.record(tx, [
        {
          at: now,
          actor: `user:${user.name}`,
          action: 'set-password',
          kind: 'User',
          resourceId: user.id,
          resourceName: user.name,
          requestId,
          source: address,
        },
      ]);
    });
  }

  /** The user, if that is their password; a wrong one is counted and audited. */
  async #prove(username: string, password: string, origin: Origin, now: Date): Promise<LoginUser> {
    await this.attempts.admit(origin.address);
    const user = await this.users.findByName(username);
    if (user?.lockedUntil !== null && user?.lockedUntil !== undefined && user.lockedUntil > now) {
      const retryAfterSeconds = Math.ceil((user.lockedUntil.getTime() - now.getTime()) / 1000);
      throw new LabError('too-many-requests', 'Too many wrong passwords', {
        hint: `Try again in ${retryAfterSeconds} s.`,
        details: { retryAfterSeconds },
      });
    }
    const right = await this.passwords.verify(user?.passwordHash, password);
    if (user !== null && right && user.disabledAt === null) return user;
    if (!right) await this.attempts.countFailure(origin.address);
    if (user !== null && !right) await this.users.countFailure(user.id, now);
    // A name that is no user's may be a password that was typed into the wrong field: it isn't kept.
    this.refusals.note({
      actor: user === null ? 'anonymous' : `user:${user.name}`,
      what: 'login',
      requestId: origin.requestId,
      source: origin.address,
      details: { code: 'not-logged-in' },
    });
    throw new LabError('not-logged-in', 'The user name or the password is wrong', {
      hint: 'The first administrator is admin; labd printed the password at its first start.',
    });
  }

  #newSecrets(
    username: string,
    now: Date,
    endsAt: Date | null,
  ): {
    answer: SessionDto;
    secrets: SessionSecrets;
  } {
    const last = endsAt?.getTime() ?? Number.POSITIVE_INFINITY;
    const access = newToken('lab_at');
    const refresh = newToken('lab_rt');
    const accessExpiresAt = new Date(Math.min(now.getTime() + ACCESS_MS, last));
    return {
      answer: {
        accessToken: access.token,
        refreshToken: refresh.token,
        expiresAt: accessExpiresAt.toISOString(),
        username,
      },
      secrets: {
        accessTokenHash: access.hash,
        refreshTokenHash: refresh.hash,
        accessExpiresAt,
        refreshExpiresAt: new Date(Math.min(now.getTime() + REFRESH_MS, last)),
      },
    };
  }
}
