import { LabError, isResourceName, parsePermission, printable, type Clock } from '@lab/domain';
import type { TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { Refusals } from '../audit/refusals.service.js';
import { AuthService } from '../auth/auth.service.js';
import type { SessionDto } from '../auth/auth.dto.js';
import type { Caller } from '../auth/caller.js';
import type { Origin } from '../auth/origin.js';
import { UsersRepository, type VouchedUser } from '../auth/users.repository.js';
import { CLOCK } from '../injection-tokens.js';
import { ResourceQuery } from '../resources/resource.query.js';
import { ResourceService } from '../resources/resource.service.js';
import { ResourceWriter } from '../resources/resource-writer.js';
import { UserAccounts } from '../users/user-accounts.repository.js';
import { IdTokenVerifier, type Identity } from './id-token.verifier.js';

/** Whoever the provider no longer knows is out after that: until then nobody asks it again. */
const SESSION_MS = 12 * 3_600_000;

/** Logs in whom an identity provider vouches for. Who is new becomes a user, with the roles that their groups bring. */
@Injectable()
export class OidcLogins {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly tokens: IdTokenVerifier,
    private readonly auth: AuthService,
    private readonly users: UserAccounts,
    private readonly query: ResourceQuery,
    private readonly resources: ResourceService,
    private readonly writer: ResourceWriter,
    private readonly logins: UsersRepository,
    private readonly refusals: Refusals,
  ) {}

  async login(idToken: string, origin: Origin): Promise<SessionDto> {
    try {
      const identity = await this.tokens.verify(idToken);
      const now = new Date(this.clock.now());
      return await this.resources.transaction(false, async (tx) => {
        const user = await this.#user(tx, identity, origin, now);
        return this.auth.open(tx, user, origin, now, new Date(now.getTime() + SESSION_MS));
      });
    } catch (error) {
      this.#audit(error, origin);
      throw error;
    }
  }

  async #user(
    tx: TransactionClient,
    identity: Identity,
    origin: Origin,
    now: Date,
  ): Promise<{ id: string; name: string }> {
    const context = { caller: this.#provider(origin), now };
    const name = this.#nameIn(identity);
    const known = await this.logins.findByIdentity(tx, identity.id, name);
    if (known === null) {
      const { change } = await this.writer.create(tx, this.users, context, {
        name,
        version: undefined,
        labels: {},
        annotations: {},
        spec: {
          displayName: text(identity.claims['name'])?.slice(0, 200) ?? null,
          roles: [...this.#rolesIn(identity)],
        },
      });
      const id = change.after?.metadata.id ?? '';
      await this.logins.setIdentity(tx, id, identity.id);
      return { id, name };
    }
    refuseOther(known, identity);
    if (known.identity === null) await this.logins.setIdentity(tx, known.id, identity.id);
    await this.#followGroups(tx, known.id, identity, context);
    return known;
  }

  /** Roles that groups bring come and go with them; others stay. */
  async #followGroups(
    tx: TransactionClient,
    id: string,
    identity: Identity,
    context: { caller: Caller; now: Date },
  ): Promise<void> {
    const brought = new Set(this.tokens.provider.roleOfGroup.values());
    if (brought.size === 0) return;
    const user = await this.query.get(this.users, context.caller, id, 'write', tx);
    const { roles = [] } = user.spec as { roles?: string[] };
    const kept = roles.filter((role) => !brought.has(role));
    const next = [...new Set([...kept, ...this.#rolesIn(identity)])];
    await this.writer.patch(tx, this.users, context, user, { spec: { roles: next } });
  }

  #rolesIn({ claims }: Identity): ReadonlySet<string> {
    const { groupsClaim, roleOfGroup } = this.tokens.provider;
    const groups: unknown = claims[groupsClaim];
    if (!Array.isArray(groups)) return new Set();
    return new Set(
      groups.flatMap((group) => (typeof group === 'string' ? (roleOfGroup.get(group) ?? []) : [])),
    );
  }

  #audit(error: unknown, { requestId, address }: Origin): void {
    const isRefusal =
      error instanceof LabError && (error.code === 'not-logged-in' || error.code === 'not-allowed');
    if (!isRefusal) return;
    const { code, message } = error;
    this.refusals.note({
      actor: 'anonymous',
      what: 'login by the identity provider',
      requestId,
      source: address,
      details: { code, message },
    });
  }

  #nameIn({ claims }: Identity): string {
    const { usernameClaim } = this.tokens.provider;
    const name = text(claims[usernameClaim])?.toLowerCase();
    if (name !== undefined && isResourceName(name)) return name;
    const is = name === undefined ? 'is missing' : `"${printable(name)}" can't be a user's name`;
    throw new LabError(
      'not-allowed',
      `The identity provider's token names nobody: its ${usernameClaim} ${is}`,
      {
        hint: 'LABD_OIDC_USERNAME_CLAIM chooses the claim; names have letters, digits, dashes and dots.',
      },
    );
  }

  /** What happens at a login is the provider's doing: it may give the roles that labd's configuration says, and is audited. */
  #provider({ requestId, address }: Origin): Caller {
    const username = `oidc:${new URL(this.tokens.provider.issuer).host}`;
    const grants = [parsePermission('admin:*:*:*')];
    return {
      userId: '',
      sessionId: '',
      tokenHash: '',
      username,
      byToken: false,
      roles: [],
      grants,
      requestId,
      address,
    };
  }
}

/** An administrator may make a user, with roles and without a password, before their first login. */
function refuseOther(user: VouchedUser, identity: Identity): void {
  const isOther = user.identity === null ? user.passwordHash !== null : user.identity !== identity.id;
  if (isOther) {
    throw new LabError(
      'not-allowed',
      `There is another user ${user.name}, who is not the one at the identity provider`,
      { hint: 'An administrator can rename or delete that user.' },
    );
  }
  if (user.disabledAt !== null) {
    throw new LabError('not-logged-in', `The user ${user.name} is disabled`, {
      hint: 'Ask an administrator.',
    });
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
