import { hostname, networkInterfaces } from 'node:os';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { LabError, oneLine, type CliEnvironment } from '@lab/cli-kit';
import { LocalLab, keepRunning, type Program } from '@lab/local-lab';
import type { OwnProgram } from '../bastion-program.js';
import { defaultRange } from './served-range.js';
import { siteFile, writeAtomically, type RunningSite } from './site-files.js';

/** What a person says of a site when starting it. */
export interface SiteFlags {
  interface?: string | undefined;
  range?: string | undefined;
  proxy: boolean;
}

export interface SiteSettings {
  labdPort: number;
  bastionPort: number;
  bastionName: string;
  /** More environment for both programs. */
  env: Record<string, string>;
  /** What is served, for a person; null: DHCP is off. */
  serves: string | null;
}

/** Linux capabilities that dnsmasq needs to serve DHCP and TFTP, by their bits (capabilities(7)). */
const NEEDED = { NET_BIND_SERVICE: 10n, NET_ADMIN: 12n, NET_RAW: 13n } as const;

/** Flags over environment over defaults. Raises `environment` for what this machine can't do. */
export function siteSettings({ site }: CliEnvironment, flags: SiteFlags): SiteSettings {
  const name = flags.interface ?? site.dhcpInterface;
  const settings: SiteSettings = {
    labdPort: portOf('LABD_PORT', site.labdPort, 7070),
    bastionPort: portOf('BASTION_PORT', site.bastionPort, 7071),
    bastionName: site.bastionName ?? nameOfThisMachine(),
    env: {},
    serves: null,
  };
  if (name === undefined) {
    if (flags.range === undefined && !flags.proxy) return settings;
    throw new LabError('environment', 'there is no interface to serve DHCP on', {
      hint: 'Name it: --interface eth1.',
    });
  }
  requireRight();
  // The range is that of the first one, as the bastion has it.
  const [first = name] = name.split(',');
  const chosen = flags.range ?? site.dhcpRange;
  const byDefault =
    chosen === undefined || site.bastionHost === undefined
      ? defaultRange(first, networkInterfaces()[first])
      : undefined;
  const range = chosen ?? byDefault?.range ?? '';
  settings.env = {
    BASTION_DHCP_INTERFACE: name,
    BASTION_DHCP_RANGE: range,
    ...(flags.proxy && { BASTION_DHCP_MODE: 'proxy' }),
    // Only machines of that network get in.
    ...(site.bastionHost === undefined && byDefault !== undefined && { BASTION_HOST: byDefault.address }),
  };
  settings.serves = flags.proxy
    ? `beside the DHCP server of ${name}`
    : `${range.split(',').slice(0, 2).join(' to ')} on ${name}${chosen === undefined ? ' (by default; --range FROM,TO says another)' : ''}`;
  return settings;
}

function portOf(variable: string, text: string | undefined, byDefault: number): number {
  const port = text === undefined ? byDefault : Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new LabError('environment', `${variable}: "${oneLine(text ?? '')}" is not a port`, {
    hint: 'Give a number from 1 to 65535.',
  });
}

/** Its labd knows the bastion by that, and a labd that it joins later. */
function nameOfThisMachine(): string {
  const [first = ''] = hostname().toLowerCase().split('.');
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(first) && first !== 'localhost' ? first : 'local';
}

function requireRight(): void {
  const bits = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
  if (bits === undefined) return;
  const missing = Object.entries(NEEDED).filter(([, bit]) => ((BigInt(`0x${bits}`) >> bit) & 1n) === 0n);
  if (missing.length === 0) return;
  throw new LabError('environment', 'this user has no right to serve DHCP', {
    hint: `Run it as root, or as a service with CAP_${missing.map(([name]) => name).join(', CAP_')} (docs/runbooks/standalone-site.md).`,
  });
}

export interface SiteParts {
  folder: string;
  settings: SiteSettings;
  mode: RunningSite['mode'];
  programs: Readonly<Record<'labd' | 'bastion', OwnProgram>>;
  environment: NodeJS.ProcessEnv;
  say: (line: string) => void;
}

/** labd and a bastion in one folder: started in order, kept running, ended in order. */
export class Site {
  readonly lab: LocalLab;
  readonly isFirstStart: boolean;
  readonly #stopping = new AbortController();
  #isReady = false;
  #starting: Promise<void> | undefined;
  #kept: Promise<void>[] = [];

  constructor(private readonly parts: SiteParts) {
    const { folder, settings, programs, environment } = parts;
    this.lab = new LocalLab({
      root: programs,
      home: folder,
      bastionDir: folder,
      labdPort: settings.labdPort,
      bastionPort: settings.bastionPort,
      bastionName: settings.bastionName,
      env: { ...environment, ...settings.env },
      ownGroups: true,
    });
    this.isFirstStart = !existsSync(this.lab.passwordFile);
  }

  /** Both are ready, and linked. What was started is ended again where that fails. */
  start(): Promise<void> {
    const starting = this.#start();
    this.#starting = starting.catch(() => undefined);
    return starting;
  }

  async #start(): Promise<void> {
    try {
      await this.#write();
      await this.lab.startLabd();
      await this.#write();
      await this.lab.startBastion();
      await this.#write();
    } catch (error) {
      await this.#end();
      throw error;
    }
    const { say } = this.parts;
    const keep = (first: Program | undefined, again: () => Promise<Program>): void => {
      if (first === undefined) return;
      const start = async (): Promise<Program> => {
        const program = await again();
        if (this.#stopping.signal.aborted) await program.stop();
        else await this.#write();
        return program;
      };
      this.#kept.push(keepRunning(first, { start, say, signal: this.#stopping.signal }));
    };
    keep(this.lab.labd, () => this.lab.startLabd());
    keep(this.lab.bastion, () => this.lab.startBastion());
  }

  /** Whoever waits for it may go on. */
  async ready(): Promise<void> {
    this.#isReady = true;
    await this.#write();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // Of what is being started there is no handle yet.
    await this.#starting;
    await this.lab.stop();
    await Promise.all(this.#kept);
    await this.#end();
  }

  async #end(): Promise<void> {
    await this.lab.stop();
    rmSync(siteFile(this.parts.folder), { force: true });
  }

  async #write(): Promise<void> {
    const { labd, bastion, labdUrl, bastionUrl } = this.lab;
    const site: RunningSite = {
      pid: process.pid,
      mode: this.parts.mode,
      isReady: this.#isReady,
      env: this.parts.settings.env,
      labd: labd === undefined ? null : { pid: labd.pid, url: labdUrl },
      bastion: bastion === undefined ? null : { pid: bastion.pid, url: bastionUrl },
    };
    await writeAtomically(siteFile(this.parts.folder), site);
  }
}
