import type { Clock } from '@lab/domain';
import { notLoggedIn } from '../cli-error.js';
import type { Context } from '../context/context-file.js';
import type { ContextStore } from '../context/context-store.js';
import { uninterrupted } from '../terminal/interruption.js';
import type { SessionTokens } from './api-types.js';
import { problemError } from './problem.js';
import { ROUTES } from './routes.js';
import type { Transport } from './transport.js';

/** Where a request's access token comes from. */
export interface Session {
  /** A token that is good as far as is known here. Raises not-logged-in (exit 4). */
  token(): Promise<string>;
  /** Another token, for labd refused this one. Raises not-logged-in (exit 4). */
  renew(refused: string): Promise<string>;
}

/** A token that was handed to us (`LABCTL_TOKEN`): it can't be renewed. */
export class FixedSession implements Session {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  token(): Promise<string> {
    return Promise.resolve(this.#token);
  }

  renew(): Promise<string> {
    return Promise.reject(
      notLoggedIn('labd refused the token of LABCTL_TOKEN', {
        hint: 'Set a token that is valid, or unset it.',
      }),
    );
  }
}

/** The session of a context. Its refresh token is good once, so a renewal happens under the file's lock and is kept at once. */
export class ContextSession implements Session {
  readonly #store: ContextStore;
  readonly #name: string;
  readonly #transport: Transport;
  readonly #clock: Clock;
  #context: Context;

  constructor(store: ContextStore, name: string, context: Context, transport: Transport, clock: Clock) {
    this.#store = store;
    this.#name = name;
    this.#context = context;
    this.#transport = transport;
    this.#clock = clock;
  }

  async token(): Promise<string> {
    const { accessToken, refreshToken, expiresAt } = this.#context;
    if (accessToken === undefined) throw this.#noSession('you are not logged in');
    const expired = expiresAt !== undefined && Date.parse(expiresAt) <= this.#clock.now();
    return expired && refreshToken !== undefined ? this.renew(accessToken) : accessToken;
  }

  renew(refused: string): Promise<string> {
    return uninterrupted(() => this.#renew(refused));
  }

  async #renew(refused: string): Promise<string> {
    let renewed: string | undefined;
    await this.#store.update(async (file) => {
      const context = file.get(this.#name);
      // Another labctl was quicker: its tokens are in the file.
      if (context?.accessToken !== undefined && context.accessToken !== refused) {
        this.#context = context;
        renewed = context.accessToken;
        return false;
      }
      if (context?.refreshToken === undefined) throw this.#noSession('your session has ended');
      const tokens = await this.#refresh(context.refreshToken);
      this.#context = { ...context, ...tokens };
      file.set(this.#name, this.#context);
      renewed = tokens.accessToken;
      return true;
    });
    if (renewed === undefined) throw this.#noSession('your session has ended');
    return renewed;
  }

  async #refresh(refreshToken: string): Promise<SessionTokens> {
    const answer = await this.#transport.send({
      method: 'POST',
      path: ROUTES.refresh,
      body: { refreshToken },
    });
    if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
      throw this.#noSession('your session has ended');
    }
    if (answer.status >= 400) throw problemError(answer.status, answer.body);
    return sessionTokens(answer.body);
  }

  #noSession(why: string): Error {
    return notLoggedIn(`${why} at ${this.#transport.server} (context "${this.#name}")`);
  }
}

/** The tokens in an answer of login and refresh. Raises not-logged-in if they are not there. */
export function sessionTokens(body: string): SessionTokens {
  const value: unknown = jsonOrUndefined(body);
  if (typeof value === 'object' && value !== null) {
    const { accessToken, refreshToken, expiresAt, username } = value as Partial<
      Record<keyof SessionTokens, unknown>
    >;
    if (
      typeof accessToken === 'string' &&
      typeof refreshToken === 'string' &&
      typeof expiresAt === 'string' &&
      typeof username === 'string'
    ) {
      return { accessToken, refreshToken, expiresAt, username };
    }
  }
  throw notLoggedIn('what answered did not give a session', { hint: "Check that the URL is labd's." });
}

function jsonOrUndefined(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
