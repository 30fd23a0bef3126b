import { rename } from 'node:fs/promises';
import { LabError, type Clock } from '@lab/domain';
import type { BastionLog } from '../logger.js';
import { writeFileAtomically } from '../storage/atomic-file.js';
import { DnsmasqProcess, checkConfig } from './dnsmasq.process.js';

export interface SupervisorParts {
  program: string;
  configFile: string;
  hostsFile: string;
  pidFile: string;
  canChangeUser: boolean;
  onLine: (line: string) => void;
  clock: Clock;
  log: BastionLog;
}

/** What dnsmasq is told: its configuration, which it reads when it starts, and its reservations, which it reads again when asked. */
export interface DnsmasqFiles {
  config: string;
  hosts: string;
}

/** One dnsmasq with the newest configuration that works. Changes are made one after the other, by whoever calls. */
export class DnsmasqSupervisor {
  #process: DnsmasqProcess | undefined;
  #running: DnsmasqFiles | undefined;

  constructor(private readonly parts: SupervisorParts) {}

  get isRunning(): boolean {
    return this.#process?.isRunning === true;
  }

  /** The configuration that it was started with; undefined: it isn't to run, or could not be started. */
  get config(): string | undefined {
    return this.#running?.config;
  }

  /**
   * Makes it run with these: reservations without a restart, all else with one, which keeps the leases (their file). Raises
   * `environment` if it can't; what ran before runs on, then.
   */
  async run(files: DnsmasqFiles): Promise<void> {
    const before = this.#running;
    if (before?.config === files.config) {
      if (before.hosts === files.hosts) return;
      await this.#writeHosts(files.hosts);
      // A changed or removed entry counts only after this (man page: --dhcp-hostsfile).
      this.#process?.reload();
      this.#running = files;
      return;
    }
    const candidate = `${this.parts.configFile}.new`;
    await writeFileAtomically(candidate, files.config);
    try {
      await checkConfig(this.parts.program, candidate);
    } catch (error) {
      // It is kept for whoever looks why.
      await rename(candidate, `${this.parts.configFile}.refused`);
      throw named(error, `${this.parts.configFile}.refused`);
    }
    await this.#end();
    try {
      await rename(candidate, this.parts.configFile);
      await this.#begin(files);
    } catch (error) {
      await this.#end();
      if (before !== undefined) await this.#goBack(before);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#end();
  }

  async #begin(files: DnsmasqFiles): Promise<void> {
    const { program, configFile, pidFile, canChangeUser, onLine, log, clock } = this.parts;
    await this.#writeHosts(files.hosts);
    const child = new DnsmasqProcess({ program, configFile, pidFile, canChangeUser, onLine, log, clock });
    await child.start();
    this.#process = child;
    this.#running = files;
  }

  async #goBack(files: DnsmasqFiles): Promise<void> {
    try {
      await writeFileAtomically(this.parts.configFile, files.config);
      await this.#begin(files);
    } catch (error) {
      this.parts.log.error({ err: error }, 'the dnsmasq that ran before can not be started again');
    }
  }

  async #end(): Promise<void> {
    await this.#process?.stop();
    this.#process = undefined;
    this.#running = undefined;
  }

  /** dnsmasq reads it again as the user that it has become. */
  #writeHosts(text: string): Promise<void> {
    return writeFileAtomically(this.parts.hostsFile, text, 0o644);
  }
}

const named = (error: unknown, file: string): unknown =>
  error instanceof LabError
    ? new LabError(error.code, error.message, { hint: `Look at ${file}.`, cause: error })
    : error;
