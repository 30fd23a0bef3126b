import type { Database, TransactionClient, User } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import { waitAfter } from './login-throttle.js';

/** What a login needs to know of a user. */
export type LoginUser = Pick<User, 'id' | 'name' | 'passwordHash' | 'disabledAt' | 'lockedUntil'>;

@Injectable()
export class UsersRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async findByName(name: string): Promise<LoginUser | null> {
    return this.database.client.user.findUnique({
      where: { name },
      select: { id: true, name: true, passwordHash: true, disabledAt: true, lockedUntil: true },
    });
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
