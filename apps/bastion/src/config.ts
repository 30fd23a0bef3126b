import { networkInterfaces } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError, isHostname, isProfileName } from '@lab/domain';
import { z } from 'zod';

/** DHCP on the machines' networks. */
export interface DhcpConfig {
  /** The only interfaces that DHCP and TFTP are served on; at least one. The range below belongs to the first. */
  interfaces: readonly string[];
  /** First and last address that is given out, both IPv4; with `proxy` any address of the network. Null: labd says what is served. */
  range: { from: string; to: string; netmask: string | null; lease: string } | null;
  /** `proxy`: another DHCP server gives the addresses, the bastion only says what to boot. */
  mode: 'full' | 'proxy';
}

/** labd, and how the bastion first gets in. */
export interface LabdConfig {
  url: string;
  /** File with the join token, used once. */
  joinTokenFile: string | null;
}

export interface BastionConfig {
  folder: string;
  host: string;
  /** 0 is any free port. */
  port: number;
  /** Base URL that machines are given, without a slash at its end; null until the port is known. */
  url: string | null;
  name: string;
  labd: LabdConfig;
  assetsDir: string;
  /** Folder with more profiles. */
  profilesDir: string | null;
  /** The profile whose kernel runs the discovery. */
  discoveryProfile: string;
  /** Null: another DHCP server sends machines here, or nobody does. */
  dhcp: DhcpConfig | null;
  /** Folder with iPXE's binaries; null: the usual places. */
  ipxeDir: string | null;
  /** Folder with ISOLINUX's files, for boot media; null: the usual places. */
  isolinuxDir: string | null;
  /** PATH, on which xorriso and mtools are looked for. */
  programPath: string;
  dnsmasq: string;
  /** A machine that is being installed and wasn't heard of for so long may come back at another address, in ms. */
  silenceMs: number;
  /** A machine that boots an install and asks in vain for a file, or never comes for its kickstart, is given so long, in ms. */
  bootPatienceMs: number;
  limits: BastionLimits;
  /** How much disk the files of past installs may take; the oldest go first. */
  keepBytes: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** As the environment says it. `labd` null: the one that the bastion's folder has joined. */
export type BastionSettings = Omit<BastionConfig, 'labd'> & { labd: LabdConfig | null };

/** What a bastion takes from a network that is not a friend. */
export interface BastionLimits {
  /** Connections of all together, and from one address (a relay or NAT stands for all machines behind it). */
  connections: number;
  connectionsPerAddress: number;
  /** Headers, and a whole request with its body, have to be there within so long, in ms. An answer may take its time. */
  headersMs: number;
  requestMs: number;
  /** A connection on which nothing moves in either direction is cut, in ms. */
  stalledMs: number;
  /** New machines, or new facts of known ones, that are taken in one go and then per minute; of all, and from one address. */
  newMachines: { burst: number; perMinute: number };
  newMachinesPerAddress: { burst: number; perMinute: number };
  /** Machines that nobody has confirmed; the one that was heard of longest ago goes first. */
  unconfirmedMachines: number;
}

export const BASTION_CONFIG = Symbol('BastionConfig');

const REPOSITORY_ASSETS = resolve(dirname(fileURLToPath(import.meta.url)), '../../../bastion-assets');

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/;
const ipv4 = z.string().refine((text) => IPV4.test(text) && !text.endsWith('.'), 'must be an IPv4 address');

const isNetmask = (text: string): boolean =>
  IPV4.test(text) && /^1*0*$/.test(bits(text)) && numberOf(text) > 0;
const bits = (address: string): string => numberOf(address).toString(2).padStart(32, '0');

/** `192.168.77.100,192.168.77.200[,255.255.255.0][,1h]`; for proxy mode `192.168.77.0[,255.255.255.0]`, too. */
const dhcpRange = z.string().transform((text, context) => {
  const parts = text.split(',').map((part) => part.trim());
  const [from = ''] = parts;
  const isOne = parts.length === 1 || (parts.length === 2 && isNetmask(parts[1] ?? ''));
  const [to = '', ...rest] = isOne ? [from, ...parts.slice(1)] : parts.slice(1);
  const netmask = rest[0] !== undefined && isNetmask(rest[0]) ? rest.shift() : undefined;
  const lease = rest.shift() ?? '1h';
  if (!ipv4.safeParse(from).success || !ipv4.safeParse(to).success || rest.length > 0) {
    context.addIssue({
      code: 'custom',
      message: 'must be FROM,TO[,NETMASK][,LEASE], such as 192.168.77.100,192.168.77.200,255.255.255.0,1h',
    });
    return z.NEVER;
  }
  if (!/^\d{1,6}[mhd]?$/.test(lease)) {
    context.addIssue({ code: 'custom', message: 'the lease must be a time such as 30m, 1h or 2d' });
    return z.NEVER;
  }
  if (numberOf(from) > numberOf(to)) {
    context.addIssue({ code: 'custom', message: 'the first address is behind the last one' });
    return z.NEVER;
  }
  return { from, to, netmask: netmask ?? null, lease, isOne };
});

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
  .max(200)
  .transform((url) => url.replace(/\/+$/, ''));

/** What machines are given. It ends up in DHCP answers, iPXE scripts and kickstarts: a plain address and port, nothing more. */
const machineUrl = httpUrl.refine(
  (url) => /^http:\/\/\d{1,3}(\.\d{1,3}){3}(:\d{1,5})?$/.test(url),
  'must be http://ADDRESS[:PORT] with an IPv4 address: names may not resolve on a machine',
);

const INTERFACE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/;

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

/** `BURST,PER_MINUTE` */
const rate = (burst: number, perMinute: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5},[1-9]\d{0,5}$/, `must be BURST,PER_MINUTE, such as ${burst},${perMinute}`)
    .transform((text) => {
      const [first = burst, second = perMinute] = text.split(',').map(Number);
      return { burst: first, perMinute: second };
    })
    .default({ burst, perMinute });

const environment = z.object({
  BASTION_DIR: z.string().min(1).default('/tmp/lab-bastion'),
  BASTION_HOST: z
    .union([z.ipv4(), z.ipv6(), z.literal('localhost')], 'must be an IP address')
    .default('127.0.0.1'),
  BASTION_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be at most 65535')
    .default(7071),
  BASTION_URL: machineUrl.optional(),
  BASTION_NAME: z.string().refine(isHostname, 'must be a host name (RFC 1123)').default('bastion'),
  LABD_URL: httpUrl.optional(),
  BASTION_JOIN_TOKEN_FILE: z.string().optional(),
  BASTION_ASSETS_DIR: z.string().default(REPOSITORY_ASSETS),
  BASTION_PROFILES_DIR: z.string().optional(),
  BASTION_DISCOVERY_PROFILE: z.string().refine(isProfileName, 'must be a profile name').default('fedora-43'),
  BASTION_DHCP_INTERFACE: z
    .string()
    .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))])
    .refine(
      (names) => names.length <= 64 && names.every((name) => INTERFACE.test(name) && name !== 'lo'),
      'must be the name of a network interface, or several with commas; not lo',
    )
    .optional(),
  BASTION_DHCP_RANGE: dhcpRange.optional(),
  BASTION_DHCP_MODE: z.enum(['full', 'proxy'], 'must be "full" or "proxy"').default('full'),
  BASTION_IPXE_DIR: z.string().optional(),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
  BASTION_ISOLINUX_DIR: z.string().optional(),
  BASTION_DNSMASQ: z.string().min(1).default('dnsmasq'),
  BASTION_KEEP_GIB: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a whole number of GiB, at least 1')
    .transform(Number)
    .default(20),
  BASTION_SILENCE_SECONDS: wholeNumber(10, 86_400).default(120),
  BASTION_BOOT_PATIENCE_SECONDS: wholeNumber(0, 3_600).default(60),
  BASTION_MAX_CONNECTIONS: wholeNumber(16, 100_000).default(2_000),
  BASTION_MAX_CONNECTIONS_PER_ADDRESS: wholeNumber(4, 100_000).default(500),
  BASTION_HEADERS_SECONDS: wholeNumber(1, 600).default(15),
  BASTION_REQUEST_SECONDS: wholeNumber(1, 3_600).default(60),
  BASTION_STALLED_SECONDS: wholeNumber(1, 86_400).default(180),
  BASTION_NEW_MACHINES: rate(1_000, 120),
  BASTION_NEW_MACHINES_PER_ADDRESS: rate(250, 60),
  BASTION_MAX_UNCONFIRMED: wholeNumber(10, 20_000).default(2_000),
  BASTION_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** The variables that this program was started with. */
export const programEnvironment = (): NodeJS.ProcessEnv => process.env;

/** Reads the settings; raises `environment` that names every variable that is wrong. An empty variable counts as unset. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): BastionSettings {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new LabError('environment', `The settings can't be used: ${wrong.join('; ')}`, {
      hint: 'Correct these environment variables.',
    });
  }
  const values = parsed.data;
  const folder = resolve(values.BASTION_DIR);
  return {
    folder,
    host: values.BASTION_HOST === 'localhost' ? '127.0.0.1' : values.BASTION_HOST,
    port: values.BASTION_PORT,
    url: values.BASTION_URL ?? null,
    name: values.BASTION_NAME,
    labd:
      values.LABD_URL === undefined
        ? null
        : { url: values.LABD_URL, joinTokenFile: values.BASTION_JOIN_TOKEN_FILE ?? null },
    assetsDir: resolve(values.BASTION_ASSETS_DIR),
    profilesDir: values.BASTION_PROFILES_DIR === undefined ? null : resolve(values.BASTION_PROFILES_DIR),
    discoveryProfile: values.BASTION_DISCOVERY_PROFILE,
    dhcp: dhcpOf(values),
    ipxeDir: values.BASTION_IPXE_DIR === undefined ? null : resolve(values.BASTION_IPXE_DIR),
    programPath: values.PATH,
    isolinuxDir: values.BASTION_ISOLINUX_DIR === undefined ? null : resolve(values.BASTION_ISOLINUX_DIR),
    dnsmasq: values.BASTION_DNSMASQ,
    silenceMs: values.BASTION_SILENCE_SECONDS * 1000,
    bootPatienceMs: values.BASTION_BOOT_PATIENCE_SECONDS * 1000,
    limits: {
      connections: values.BASTION_MAX_CONNECTIONS,
      connectionsPerAddress: values.BASTION_MAX_CONNECTIONS_PER_ADDRESS,
      headersMs: values.BASTION_HEADERS_SECONDS * 1000,
      requestMs: values.BASTION_REQUEST_SECONDS * 1000,
      stalledMs: values.BASTION_STALLED_SECONDS * 1000,
      newMachines: values.BASTION_NEW_MACHINES,
      newMachinesPerAddress: values.BASTION_NEW_MACHINES_PER_ADDRESS,
      unconfirmedMachines: values.BASTION_MAX_UNCONFIRMED,
    },
    keepBytes: values.BASTION_KEEP_GIB * 2 ** 30,
    logLevel: values.BASTION_LOG_LEVEL,
  };
}

function dhcpOf(values: z.infer<typeof environment>): DhcpConfig | null {
  const { BASTION_DHCP_INTERFACE: interfaces, BASTION_DHCP_RANGE: range, BASTION_DHCP_MODE: mode } = values;
  if (interfaces === undefined) return null;
  if (range === undefined) {
    if (values.LABD_URL !== undefined) return { interfaces, range: null, mode };
    throw new LabError('environment', 'BASTION_DHCP_INTERFACE is set, but BASTION_DHCP_RANGE is not', {
      hint:
        mode === 'full'
          ? 'Say which addresses machines may get, such as BASTION_DHCP_RANGE=192.168.77.100,192.168.77.200; or set LABD_URL, and labd says what is served.'
          : 'Say which network it is, such as BASTION_DHCP_RANGE=192.168.77.0; or set LABD_URL, and labd says what is served.',
    });
  }
  const { isOne, ...rest } = range;
  if (isOne && mode === 'full') {
    throw new LabError(
      'environment',
      'BASTION_DHCP_RANGE names one address, which is enough in proxy mode only',
      {
        hint: 'Set the first and the last address that machines may get, such as 192.168.77.100,192.168.77.200; or BASTION_DHCP_MODE=proxy.',
      },
    );
  }
  return { interfaces, range: rest, mode };
}

/**
 * The base URL that machines are given, once the port is known: BASTION_URL, else the address that the bastion listens
 * on; when that is all of them, the address of the DHCP interface.
 */
export function machineUrlOf(config: BastionSettings, port: number): string {
  if (config.url !== null) return config.url;
  const everywhere = config.host === '0.0.0.0' || config.host === '::';
  const address = everywhere ? addressOf(config.dhcp?.interfaces[0]) : config.host;
  if (address === undefined || address.includes(':')) {
    throw new LabError(
      'environment',
      `The address that machines reach this bastion at can't be told from ${config.host}`,
      {
        hint: 'Set BASTION_URL, such as http://192.168.77.1:7071.',
      },
    );
  }
  return `http://${address}:${port}`;
}

function addressOf(name: string | undefined): string | undefined {
  const all = networkInterfaces();
  const candidates = name === undefined ? Object.values(all).flat() : (all[name] ?? []);
  return candidates.find((entry) => entry?.family === 'IPv4' && !entry.internal)?.address;
}

export const operatorTokenFile = (folder: string): string => join(folder, 'operator-token');

/** For programs whose messages are read: they speak the language of their environment. */
export const englishEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, LC_ALL: 'C', LANGUAGE: 'C' });
