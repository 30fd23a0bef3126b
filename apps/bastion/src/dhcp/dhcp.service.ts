import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, type Clock } from '@lab/domain';
import type { NetworkLeases } from '@lab/protocol';
import type { BastionSettings } from '../config.js';
import type { BastionLog } from '../logger.js';
import { Backoff } from '../uplink/backoff.js';
import type { LocalInterface } from './dhcp-network.js';
import { renderDnsmasqConfig, renderHostsFile } from './dnsmasq-config.js';
import { dnsmasqUser } from './dnsmasq-user.js';
import { DnsmasqSupervisor, type DnsmasqFiles } from './dnsmasq.supervisor.js';
import { LeaseBook } from './lease-book.js';
import type { NetworksStore } from './networks.store.js';
import { plannedSite, type PlannedSite } from './planned-site.js';
import { layTftpRoot } from './tftp-root.js';

export interface DhcpServiceParts {
  config: BastionSettings;
  networks: NetworksStore;
  interfaces: () => LocalInterface[] | Promise<LocalInterface[]>;
  /** Is given what dnsmasq says, line by line. */
  onLine: (line: string) => void;
  clock: Clock;
  log: BastionLog;
}

/** Interfaces and leases are looked at this often, in ms. */
const LOOK_EVERY_MS = 1_000;
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 30_000;

/** DHCP and TFTP of the machines' networks, those of labd and the one of the environment variables, if this bastion is to serve any. */
export class DhcpService {
  readonly leases: LeaseBook;
  #supervisor: DnsmasqSupervisor | undefined;
  #render: ((site: Pick<PlannedSite, 'networks' | 'reservations'>) => DnsmasqFiles) | undefined;
  #site: PlannedSite | undefined;
  /** Why dnsmasq doesn't do what it was last told to, and since when. */
  #failure: { text: string; config: string; since: number } | null = null;
  #retryAt = 0;
  #waits = new Backoff(FIRST_WAIT_MS, LAST_WAIT_MS);
  #turn: Promise<void> = Promise.resolve();
  #looking: NodeJS.Timeout | undefined;

  constructor(private readonly parts: DhcpServiceParts) {
    this.leases = new LeaseBook(join(parts.config.folder, 'dnsmasq.leases'));
  }

  /** `off`: there is nothing to serve. */
  get state(): 'off' | 'running' | 'down' {
    if (this.#supervisor?.isRunning === true) return 'running';
    return this.#site === undefined || this.#site.networks.length === 0 ? 'off' : 'down';
  }

  /** What a person has to know of it, and since when (ms since the epoch); null: all is well. */
  get trouble(): { text: string; since: number } | null {
    if (this.#failure !== null) return this.#failure;
    const warnings = this.#site?.warnings ?? [];
    return warnings.length === 0 ? null : { text: warnings.join('; '), since: this.#site?.since ?? 0 };
  }

  /** Who has which address in labd's networks, and what keeps one from being served. */
  reports(): NetworkLeases[] {
    const { networks } = this.parts;
    return (networks.level?.networks ?? []).map(({ networkId, cidr }) => ({
      networkId,
      ...this.leases.in(cidr),
      problem: this.#problemOf(networkId),
    }));
  }

  /** Raises `environment` if what the environment variables name can't be served. labd's networks are tried again later. */
  async start(bastionUrl: string): Promise<void> {
    const { config } = this.parts;
    if (config.dhcp !== null) await this.#prepare(bastionUrl);
    await this.#exclusive(() => this.#apply());
    if (this.#failure !== null && config.dhcp?.range != null && this.#site?.hasEnvironment === true) {
      await this.stop();
      throw new LabError('environment', this.#failure.text, {
        hint: 'Correct BASTION_DHCP_INTERFACE, BASTION_DHCP_RANGE and BASTION_DNSMASQ, or unset them.',
      });
    }
    if (config.dhcp !== null && this.state === 'off') {
      const hint = 'Give labd a network with DHCP and this bastion, or set BASTION_DHCP_RANGE.';
      this.parts.log.warn({ hint }, 'no network is to be served yet');
    }
    this.parts.networks.onChanged(() => this.#wake());
    this.#looking = setInterval(() => this.#wake(), LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    this.#looking = undefined;
    await this.#turn;
    await this.#supervisor?.stop();
  }

  #wake(): void {
    this.#exclusive(() => this.#apply()).catch((error: unknown) => {
      this.parts.log.error({ err: error }, 'the DHCP server could not be looked after');
    });
  }

  #exclusive(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #prepare(bastionUrl: string): Promise<void> {
    const { config, onLine, clock, log } = this.parts;
    const { folder, assetsDir, dnsmasq: program } = config;
    const tftp = await layTftpRoot(config);
    const template = await readFile(join(assetsDir, 'dnsmasq', 'dnsmasq.conf.hbs'), 'utf8').catch(
      (error: unknown) => {
        throw new LabError('environment', `${join(assetsDir, 'dnsmasq')} can't be read`, {
          hint: 'Set BASTION_ASSETS_DIR to the folder bastion-assets of this release.',
          cause: error,
        });
      },
    );
    const { user, group, canChange: canChangeUser } = await dnsmasqUser(tftp.folder);
    const hostsFile = join(folder, 'dnsmasq.hosts');
    this.#render = ({ networks, reservations }) => ({
      config: renderDnsmasqConfig(template, {
        networks,
        interfaces: config.dhcp?.interfaces ?? [],
        ...{ bastionUrl, user, group, hostsFile, tftpRoot: tftp.folder, bios: tftp.bios, arm64: tftp.arm64 },
        leaseFile: this.leases.file,
      }),
      hosts: renderHostsFile(reservations),
    });
    // What is wrong with the settings themselves is said now, and not when labd's first network comes.
    this.#render({ networks: [], reservations: [] });
    const [configFile, pidFile] = [join(folder, 'dnsmasq.conf'), join(folder, 'dnsmasq.pid')];
    this.#supervisor = new DnsmasqSupervisor({
      ...{ program, configFile, hostsFile, pidFile, canChangeUser, onLine, clock, log },
    });
  }

  /** Brings dnsmasq to what is wanted now, and looks at the leases. */
  async #apply(): Promise<void> {
    const { config, networks, clock, log } = this.parts;
    const interfaces = await this.parts.interfaces();
    const { level } = networks;
    const before = this.#site;
    const site = plannedSite({ dhcp: config.dhcp, level, interfaces, before, now: clock.now() });
    this.#site = site;
    await this.leases.look();
    if (this.#supervisor === undefined || this.#render === undefined) return;
    if (site.networks.length === 0) {
      if (this.#supervisor.config !== undefined)
        log.info({}, 'no network is to be served: dnsmasq is stopped');
      await this.#supervisor.stop();
      this.#failure = null;
      return;
    }
    await this.#bring(this.#supervisor, this.#render(site));
  }

  async #bring(supervisor: DnsmasqSupervisor, files: DnsmasqFiles): Promise<void> {
    const { clock, log } = this.parts;
    const now = clock.now();
    const isSameFailure = this.#failure?.config === files.config;
    if (isSameFailure && now < this.#retryAt) return;
    if (!isSameFailure) this.#waits.reset();
    try {
      const wasConfig = supervisor.config;
      await supervisor.run(files);
      if (wasConfig !== files.config) log.info({ networks: this.#site?.networks.length }, 'dnsmasq serves');
      this.#failure = null;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const hint = error instanceof LabError ? error.hint : undefined;
      const since = isSameFailure && this.#failure !== null ? this.#failure.since : now;
      this.#failure = { text, config: files.config, since };
      this.#retryAt = now + this.#waits.next();
      log.error(
        { reason: text, ...(hint !== undefined && { hint }) },
        'dnsmasq does not take its configuration',
      );
    }
  }

  #problemOf(networkId: string): string | null {
    const own = this.#site?.problems.get(networkId);
    if (own !== undefined) return own;
    if (this.#failure !== null) return this.#failure.text.slice(0, 500);
    if (this.state === 'down') return 'dnsmasq has ended; it is started again';
    return this.#site?.gone.get(networkId) ?? null;
  }
}
