import { LabError, type Clock } from '@lab/domain';
import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import type { Caller } from '../auth/caller.js';
import { PasswordHasher } from '../auth/password-hasher.js';
import { SessionsRepository } from '../auth/sessions.repository.js';
import { UsersRepository } from '../auth/users.repository.js';
import { CLOCK } from '../injection-tokens.js';
import { ResourceQuery } from '../resources/resource.query.js';
import { ResourceService, type WriteOptions } from '../resources/resource.service.js';
import { UserAccounts } from './user-accounts.repository.js';

/** Sets other people's passwords. One's own is changed with the old one, at /api/v1/auth/password. */
@Injectable()
export class PasswordsService {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly users: UserAccounts,
    private readonly logins: UsersRepository,
    private readonly sessions: SessionsRepository,
    private readonly query: ResourceQuery,
    private readonly resources: ResourceService,
    private readonly passwords: PasswordHasher,
    private readonly audit: AuditTrail,
  ) {}

  async set(
    caller: Caller,
    reference: string,
    password: string,
    { dryRun = false }: WriteOptions,
  ): Promise<void> {
    const { metadata } = await this.query.get(this.users, caller, reference, 'write');
    if (password.toLowerCase() === metadata.name) {
      throw new LabError('invalid', 'password: is the name of the user', {
        hint: 'Choose another one.',
        errors: [{ path: 'password', message: 'is the name of the user' }],
      });
    }
    const hash = await this.passwords.hash(password);
    const now = new Date(this.clock.now());
    await this.resources.transaction(dryRun, async (tx) => {
      const user = await this.query.get(this.users, caller, metadata.id, 'write', tx);
      await this.users.authorise(tx, caller, user, undefined);
      await this.logins.setPassword(tx, metadata.id, hash, now);
      // Whoever knew the old one is out.
      await this.sessions.revokeOthers(tx, metadata.id, undefined, now);
      await this.audit.record(tx, [
        {
          at: now,
          actor: `user:${caller.username}`,
          action: 'set-password',
          kind: 'User',
          resourceId: metadata.id,
          resourceName: metadata.name,
          requestId: caller.requestId,
          source: caller.address,
        },
      ]);
    });
  }
}
