import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { HEARTBEAT_SECONDS, LabError } from '@lab/domain';
import { z } from 'zod';
import { DEFAULT_SETTINGS, type OidcProvider, type Settings } from './injection-tokens.js';

/** What labd runs with. Read once, from the environment. */
export interface Config {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Absolute; holds the embedded database and the audit key. Made when it is needed. */
  dataDir: string;
  /** Undefined: the embedded database in `dataDir`. */
  databaseUrl: string | undefined;
  /** Its first line is the first administrator's password; undefined: one is made and printed once. */
  adminPasswordFile: string | undefined;
  /** HMAC key of the audit log. All replicas of one database need the same. */
  auditKeyFile: string;
  tls: { certFile: string; keyFile: string } | undefined;
  logLevel: LogLevel;
  settings: Settings;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** An empty variable counts as one that isn't set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const path = z.string().max(4096);

const DAY_MS = 86_400_000;
const days = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be a whole number of days, from 1 to 9999')
  .transform((text) => Number(text) * DAY_MS);

const LEAST_SILENCE = `must be a whole number of seconds, more than ${HEARTBEAT_SECONDS}: a machine speaks that often`;

const environment = z.object({
  LABD_HOST: optional(z.string().max(253)),
  LABD_PORT: optional(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port number')
      .transform(Number)
      .refine((port) => port <= 65535, 'must be a port number, at most 65535'),
  ),
  LABD_DATA_DIR: optional(path),
  LAB_HOME: optional(path),
  XDG_DATA_HOME: optional(path),
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'must be a URL such as postgresql://user@host:26257/lab'),
  ),
  LABD_ADMIN_PASSWORD_FILE: optional(path),
  LABD_AUDIT_KEY_FILE: optional(path),
  LABD_TLS_CERT_FILE: optional(path),
  LABD_TLS_KEY_FILE: optional(path),
  NATS_URL: optional(
    z
      .string()
      .max(2048)
      .regex(/^(?:nats|tls):\/\//, 'must be a URL such as nats://host:4222'),
  ),
  LABD_FEED_RETENTION_DAYS: optional(days),
  LABD_LOG_RETENTION_DAYS: optional(days),
  LABD_SILENCE_SECONDS: optional(
    z
      .string()
      .regex(/^\d{1,4}$/, LEAST_SILENCE)
      .transform(Number)
      .refine((seconds) => seconds > HEARTBEAT_SECONDS, LEAST_SILENCE),
  ),
  LABD_MAX_UNCONFIRMED: optional(
    z
      .string()
      .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
      .transform(Number),
  ),
  LABD_LOG_LEVEL: optional(z.enum(LOG_LEVELS)),
  LABD_OIDC_ISSUER: optional(z.url({ protocol: /^https?$/ }).max(2048)),
  LABD_OIDC_CLIENT_ID: optional(z.string().max(256)),
  LABD_OIDC_USERNAME_CLAIM: optional(z.string().max(128)),
  LABD_OIDC_GROUPS_CLAIM: optional(z.string().max(128)),
  LABD_OIDC_ROLES: optional(
    z
      .string()
      .max(8192)
      .regex(
        /^[^=,]+=[a-z0-9.-]+(?:,[^=,]+=[a-z0-9.-]+)*$/,
        'must be such as lab-admins=admin,lab-ops=operator',
      ),
  ),
});

type Environment = z.infer<typeof environment>;

/** Raises `environment` that names the variable. */
export function readConfig(variables: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const variable = issue?.path.map(String).join('.') ?? 'the environment';
    throw new LabError('environment', `${variable}: ${issue?.message ?? 'is not valid'}`, {
      hint: `Correct ${variable}, or unset it to get the default.`,
    });
  }
  const set = parsed.data;
  const dataDir = resolve(set.LABD_DATA_DIR ?? join(set.LAB_HOME ?? defaultHome(set.XDG_DATA_HOME), 'labd'));
  const config: Config = {
    host: set.LABD_HOST ?? '127.0.0.1',
    port: set.LABD_PORT ?? 7070,
    dataDir,
    databaseUrl: set.DATABASE_URL,
    adminPasswordFile: set.LABD_ADMIN_PASSWORD_FILE,
    auditKeyFile: set.LABD_AUDIT_KEY_FILE ?? join(dataDir, 'audit.key'),
    tls: tlsFiles(set.LABD_TLS_CERT_FILE, set.LABD_TLS_KEY_FILE),
    logLevel: set.LABD_LOG_LEVEL ?? 'info',
    settings: {
      natsUrl: set.NATS_URL,
      feedRetentionMs: set.LABD_FEED_RETENTION_DAYS ?? DEFAULT_SETTINGS.feedRetentionMs,
      logRetentionMs: set.LABD_LOG_RETENTION_DAYS ?? DEFAULT_SETTINGS.logRetentionMs,
      silenceSeconds: set.LABD_SILENCE_SECONDS ?? DEFAULT_SETTINGS.silenceSeconds,
      maxUnconfirmed: set.LABD_MAX_UNCONFIRMED ?? DEFAULT_SETTINGS.maxUnconfirmed,
      oidc: oidcProvider(set),
    },
  };
  if (!isLoopback(config.host) && config.tls === undefined) {
    throw new LabError('environment', `LABD_HOST: ${config.host} is not a loopback address, and TLS is off`, {
      hint: 'Set LABD_TLS_CERT_FILE and LABD_TLS_KEY_FILE, or listen on 127.0.0.1.',
    });
  }
  return config;
}

function defaultHome(xdgDataHome: string | undefined): string {
  if (process.getuid?.() === 0) return '/var/lib/lab';
  // The XDG specification says to ignore a relative path.
  const data =
    xdgDataHome !== undefined && isAbsolute(xdgDataHome) ? xdgDataHome : join(homedir(), '.local/share');
  return join(data, 'lab');
}

function tlsFiles(certFile: string | undefined, keyFile: string | undefined): Config['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  const missing = certFile === undefined ? 'LABD_TLS_CERT_FILE' : 'LABD_TLS_KEY_FILE';
  throw new LabError('environment', `${missing}: is not set, but the other half of the pair is`, {
    hint: 'Set both LABD_TLS_CERT_FILE and LABD_TLS_KEY_FILE, or neither.',
  });
}

function oidcProvider(set: Environment): OidcProvider | undefined {
  const { LABD_OIDC_ISSUER: issuer, LABD_OIDC_CLIENT_ID: clientId } = set;
  if (issuer === undefined && clientId === undefined) return undefined;
  if (issuer === undefined || clientId === undefined) {
    const missing = issuer === undefined ? 'LABD_OIDC_ISSUER' : 'LABD_OIDC_CLIENT_ID';
    throw new LabError('environment', `${missing}: is not set, but the other half of the pair is`, {
      hint: 'Set both LABD_OIDC_ISSUER and LABD_OIDC_CLIENT_ID, or neither.',
    });
  }
  const { protocol, hostname } = new URL(issuer);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    throw new LabError('environment', `LABD_OIDC_ISSUER: ${issuer} is not encrypted`, {
      hint: 'Use an https URL; http only works on a loopback address.',
    });
  }
  const pairs = set.LABD_OIDC_ROLES?.split(',').map((pair) => pair.split('=') as [string, string]) ?? [];
  return {
    issuer,
    clientId,
    usernameClaim: set.LABD_OIDC_USERNAME_CLAIM ?? 'preferred_username',
    groupsClaim: set.LABD_OIDC_GROUPS_CLAIM ?? 'groups',
    roleOfGroup: new Map(pairs.map(([group, role]) => [group.trim(), role])),
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
