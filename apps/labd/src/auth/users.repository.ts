import type { Database, TransactionClient, User } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { waitAfter } from './login-throttle.js';

/** What a login needs to know of a user. */
export type LoginUser = Pick<User, 'id' | 'name' | 'passwordHash' | 'disabledAt' | 'lockedUntil'>;

/** What a login by an identity provider needs to know of a user. */
export type VouchedUser = Pick<User, 'id' | 'name' | 'identity' | 'passwordHash' | 'disabledAt'>;

@Injectable()
export class UsersRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async findByName(name: string): Promise<LoginUser | null> {
    return this.database.client.user.findUnique({
      where: { name },
      select: { id: true, name: true, passwordHash: true, disabledAt: true, lockedUntil: true },
    });
  }

  /** The user that the identity provider knows as that; else the one of that name, whoever it is. */
  async findByIdentity(tx: TransactionClient, identity: string, name: string): Promise<VouchedUser | null> {
    const select = { id: true, name: true, identity: true, passwordHash: true, disabledAt: true };
    const known = await tx.user.findUnique({ where: { identity }, select });
    return known ?? tx.user.findUnique({ where: { name }, select });
  }

  async setIdentity(tx: TransactionClient, userId: string, identity: string): Promise<void> {
    await tx.user.update({ where: { id: userId }, data: { identity } });
  }

  /** Counts a wrong password; after some in a row the user has to wait. */
  async countFailure(userId: string, now: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { failedLogins } = await tx.user.update({
        where: { id: userId },
        data: { failedLogins: { increment: 1 } },
        select: { failedLogins: true },
      });
      const seconds = waitAfter(failedLogins);
      if (seconds > 0) {
        await tx.user.update({
          where: { id: userId },
          data: { lockedUntil: new Date(now.getTime() + seconds * 1000) },
        });
      }
    });
  }

  async countSuccess(tx: TransactionClient, userId: string, now: Date): Promise<void> {
    await tx.user.update({
      where: { id: userId },
      data: { failedLogins: 0, lockedUntil: null, lastLoginAt: now },
    });
  }

  async setPassword(tx: TransactionClient, userId: string, passwordHash: string, now: Date): Promise<void> {
    await tx.user.update({
      where: { id: userId },
      data: {
        passwordHash,
        passwordChangedAt: now,
        failedLogins: 0,
        lockedUntil: null,
        updatedAt: now,
        version: { increment: 1 },
      },
    });
  }
}
