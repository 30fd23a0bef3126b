import { SILENCE_SECONDS } from '@lab/domain';

/** Injection token of the `Database` of `@lab/database`; the connection is made before the application is. */
export const DATABASE = Symbol('DATABASE');
/** Injection token of the `Clock`. */
export const CLOCK = Symbol('CLOCK');
/** Injection token of the {@link Settings}. */
export const SETTINGS = Symbol('SETTINGS');
/** Injection token of the pino `Logger`. */
export const LOGGER = Symbol('LOGGER');

/** What parts of labd are told by its configuration. */
export interface Settings {
  /** Undefined: this is the only replica. May hold a password. */
  natsUrl: string | undefined;
  /** How long changes are kept for watchers who come back. */
  feedRetentionMs: number;
  /** How long the log lines of installs are kept that aren't the newest of their server. */
  logRetentionMs: number;
  /** After how long without a word of a machine its install is stuck. */
  silenceSeconds: number;
  /** Servers of one bastion that nobody has confirmed; those heard of longest ago go first. */
  maxUnconfirmed: number;
  /** Undefined: people log in with passwords only. */
  oidc: OidcProvider | undefined;
}

/** An OpenID Connect provider that vouches for users, and what of its ID tokens counts. */
export interface OidcProvider {
  /** URL, as the tokens' `iss` says it. */
  issuer: string;
  /** Of the public client that labctl is there: authorization code with PKCE, redirects to loopback. */
  clientId: string;
  /** Claim that names the user. */
  usernameClaim: string;
  /** Claim with the user's groups. */
  groupsClaim: string;
  /** Which role a group brings. Whoever isn't in the group loses the role at the next login. */
  roleOfGroup: ReadonlyMap<string, string>;
}

const DAY_MS = 86_400_000;

export const DEFAULT_SETTINGS: Settings = {
  natsUrl: undefined,
  feedRetentionMs: 7 * DAY_MS,
  logRetentionMs: 90 * DAY_MS,
  silenceSeconds: SILENCE_SECONDS,
  maxUnconfirmed: 10_000,
  oidc: undefined,
};
