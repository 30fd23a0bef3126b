import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '@lab/domain';
import { LabdAdmin } from './labd-admin.js';
import { answers, isTaken, startProgram, type Program } from './program.js';

export interface LocalLabOptions {
  /** The checkout: where the built programs are. */
  root: string;
  /** Folder that holds all state. */
  home: string;
  labdPort: number;
  bastionPort: number;
  bastionName?: string;
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
        hint: 'Set LAB_HOME to a folder that you may write to.',
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
    return join(this.#options.home, 'bastion');
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
      LABD_DATA_DIR: join(this.#options.home, 'labd'),
      LABD_ADMIN_PASSWORD_FILE: this.passwordFile,
    });
    return this.labd;
  }

  /** Starts the bastion, enrols it the first time, and waits until its link is up. */
  async startBastion(): Promise<Program> {
    const joinTokenFile = join(this.#options.home, 'bastion-join-token');
    const admin = await this.admin();
    if (!existsSync(join(this.bastionDir, 'credential.json'))) {
      writeFileSync(joinTokenFile, await admin.bastionJoinToken(), { mode: 0o600 });
    }
    this.bastion = await this.#start('bastion', READY_WITHIN_MS, `${this.bastionUrl}/readyz`, {
      BASTION_DIR: this.bastionDir,
      BASTION_PORT: String(this.#options.bastionPort),
      BASTION_NAME: this.bastionName,
      BASTION_JOIN_TOKEN_FILE: joinTokenFile,
      LABD_URL: this.labdUrl,
    });
    await this.#untilLinked(admin);
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

  async #untilLinked(admin: LabdAdmin): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await admin.isLinked(this.bastionName))) {
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
      command: process.execPath,
      args: [join(this.#options.root, 'apps', name, 'bin', `${name}.js`)],
      env: { ...this.#options.env, ...env },
      logFile: this.#logFile(name),
      isReady: () => answers(url),
      readyWithin,
    });
  }
}

/** Where a program that listens on `host` answers on this machine. */
const reachable = (host = '127.0.0.1'): string => (host === '0.0.0.0' || host === '' ? '127.0.0.1' : host);
