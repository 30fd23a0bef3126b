import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '@lab/domain';
import { LabdAdmin } from './labd-admin.js';
import { answers, isTaken, startProgram, type Program } from './program.js';

/** How a program is run. */
export interface ProgramCommand {
  command: string;
  args: readonly string[];
}

export interface LocalLabOptions {
  /** The checkout, where the built programs are; or how each is run. */
  root: string | Readonly<Record<'labd' | 'bastion', ProgramCommand>>;
  /** Folder that holds all state. */
  home: string;
  labdPort: number;
  bastionPort: number;
  bastionName?: string;
  /** Default: `bastion` in `home`. */
  bastionDir?: string;
  /** Signals of the terminal reach the programs only through {@link LocalLab.stop}, which ends them in order. */
  ownGroups?: boolean;
  /** More environment for both programs, e.g. `BASTION_DHCP_INTERFACE`. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** For one that hangs: a small machine that has other things to do is slow. */
const READY_WITHIN_MS = 180_000;

/** labd and a bastion on this machine, each a child process, with all state below one folder. */
export class LocalLab {
  readonly #options: LocalLabOptions;
  labd: Program | undefined;
  bastion: Program | undefined;

  constructor(options: LocalLabOptions) {
    this.#options = options;
    try {
      mkdirSync(options.home, { recursive: true, mode: 0o711 });
    } catch (error) {
      throw new LabError('environment', `the folder ${options.home} can't be made`, {
        hint: 'Name a folder that you may write to (LAB_HOME, or --dir).',
        cause: error,
      });
    }
  }

  get labdUrl(): string {
    return `http://${reachable(this.#options.env?.['LABD_HOST'])}:${this.#options.labdPort}`;
  }

  get bastionUrl(): string {
    return `http://${reachable(this.#options.env?.['BASTION_HOST'])}:${this.#options.bastionPort}`;
  }

  get bastionName(): string {
    return this.#options.bastionName ?? 'local';
  }

  get bastionDir(): string {
    return this.#options.bastionDir ?? join(this.#options.home, 'bastion');
  }

  get labdDir(): string {
    return join(this.#options.home, 'labd');
  }

  /** Holds the administrator's first password, which was made here. */
  get passwordFile(): string {
    return join(this.#options.home, 'admin-password');
  }

  async startLabd(): Promise<Program> {
    if (!existsSync(this.passwordFile)) {
      writeFileSync(this.passwordFile, `${randomBytes(15).toString('base64url')}\n`, { mode: 0o600 });
    }
    this.labd = await this.#start('labd', READY_WITHIN_MS, `${this.labdUrl}/readyz`, {
      LABD_PORT: String(this.#options.labdPort),
      LABD_DATA_DIR: this.labdDir,
      LABD_ADMIN_PASSWORD_FILE: this.passwordFile,
    });
    return this.labd;
  }

  /** Starts the bastion, enrols it the first time, and waits until its link is up. */
  async startBastion(): Promise<Program> {
    const joinTokenFile = join(this.#options.home, 'bastion-join-token');
    // Only then: whoever runs this lab may have another password by now.
    if (this.#bastionId() === undefined) {
      writeFileSync(joinTokenFile, await (await this.admin()).bastionJoinToken(), { mode: 0o600 });
    }
    this.bastion = await this.#start('bastion', READY_WITHIN_MS, `${this.bastionUrl}/readyz`, {
      BASTION_DIR: this.bastionDir,
      BASTION_PORT: String(this.#options.bastionPort),
      BASTION_NAME: this.bastionName,
      BASTION_JOIN_TOKEN_FILE: joinTokenFile,
      LABD_URL: this.labdUrl,
    });
    await this.#untilLinked();
    rmSync(joinTokenFile, { force: true });
    return this.bastion;
  }

  async admin(): Promise<LabdAdmin> {
    return LabdAdmin.login(this.labdUrl, 'admin', readFileSync(this.passwordFile, 'utf8').trim());
  }

  /** Ends what was started, the bastion first. */
  async stop(): Promise<void> {
    await this.bastion?.stop();
    await this.labd?.stop();
  }

  async #untilLinked(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while ((await linkOf(this.bastionUrl)) !== 'established') {
      if (performance.now() > deadline) {
        throw new LabError(
          'environment',
          `the bastion runs, but its link to labd is not up after ${READY_WITHIN_MS / 1000} s`,
          {
            hint: `Its log is ${this.#logFile('bastion')}.`,
          },
        );
      }
      await delay(100);
    }
  }

  /** Who labd knows the bastion as; undefined before it has enrolled. */
  #bastionId(): string | undefined {
    try {
      const kept = JSON.parse(readFileSync(join(this.bastionDir, 'labd-credential.json'), 'utf8')) as {
        bastionId?: unknown;
        labdUrl?: unknown;
      };
      return kept.labdUrl === this.labdUrl && typeof kept.bastionId === 'string' ? kept.bastionId : undefined;
    } catch {
      return undefined;
    }
  }

  #logFile(name: string): string {
    return join(this.#options.home, 'log', `${name}.log`);
  }

  async #start(
    name: 'labd' | 'bastion',
    readyWithin: number,
    url: string,
    env: Record<string, string>,
  ): Promise<Program> {
    const variable = `${name.toUpperCase()}_PORT`;
    const port = Number(env[variable]);
    // Another program there could answer in place of ours and pass for it.
    if (await isTaken(port)) {
      throw new LabError(
        'environment',
        `port ${port} on 127.0.0.1 is in use, so ${name} can't listen there`,
        {
          hint: `End the program that uses it, or set ${variable} to a free port.`,
        },
      );
    }
    return startProgram({
      name,
      ...this.#commandOf(name),
      ownGroup: this.#options.ownGroups ?? false,
      env: { ...this.#options.env, ...env },
      logFile: this.#logFile(name),
      isReady: () => answers(url),
      readyWithin,
    });
  }

  #commandOf(name: 'labd' | 'bastion'): ProgramCommand {
    const { root } = this.#options;
    if (typeof root !== 'string') return root[name];
    return { command: process.execPath, args: [join(root, 'apps', name, 'bin', `${name}.js`)] };
  }
}

/** What a bastion says of its link with labd; undefined if it doesn't answer. */
async function linkOf(bastionUrl: string): Promise<unknown> {
  try {
    const response = await fetch(`${bastionUrl}/readyz`, { signal: AbortSignal.timeout(2_000) });
    return ((await response.json()) as { link?: unknown }).link;
  } catch {
    return undefined;
  }
}

/** Where a program that listens on `host` answers on this machine. */
const reachable = (host = '127.0.0.1'): string => (host === '0.0.0.0' || host === '' ? '127.0.0.1' : host);
