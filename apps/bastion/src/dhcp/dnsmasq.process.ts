import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { LabError, printable, type Clock } from '@lab/domain';
import { englishEnvironment } from '../config.js';
import { readFileIfThere } from '../storage/atomic-file.js';
import type { BastionLog } from '../logger.js';
import { Backoff } from '../uplink/backoff.js';

export interface DnsmasqOptions {
  program: string;
  configFile: string;
  pidFile: string;
  /** Whether it may change its user and group; see DropTo. */
  canChangeUser: boolean;
  /** Is given what it says, line by line. */
  onLine?: (line: string) => void;
  log: BastionLog;
  clock: Clock;
}

/** What dnsmasq says once it has its sockets and its user (src/dnsmasq.c, main); what it can't do it says before, and ends. */
const STARTED = /: started, version /;
/** One that ran so long without a word has started, too, in ms. */
const STARTED_MS = 10_000;
const STOP_MS = 3_000;
/** One that ran so long is restarted with the shortest wait again, in ms. */
const STABLE_MS = 60_000;
const MAX_LINE = 500;
/** In its debug mode the time comes first (src/log.c, my_syslog; run). */
const DEBUG_TIME = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?=dnsmasq)/;

/** Has dnsmasq look at a configuration. Raises `environment` if dnsmasq is missing or refuses it. */
export async function checkConfig(program: string, configFile: string): Promise<void> {
  const child = spawn(program, ['--test', `--conf-file=${configFile}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: englishEnvironment(),
  });
  const said: string[] = [];
  // --test answers on stderr.
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => said.length < 20 && said.push(chunk.toString('utf8')));
  }
  const result = await new Promise<string | null>((resolve, reject) => {
    child.once('error', (error) => reject(missing(program, error)));
    child.once('close', (code) => resolve(code === 0 ? null : `exit ${code}`));
  });
  if (result === null) return;
  const why = said.join('').trim().split('\n').at(-1) ?? '';
  throw new LabError(
    'environment',
    `dnsmasq refuses its configuration: ${printable(why === '' ? result : why)}`,
    { hint: `Look at ${configFile}.` },
  );
}

/** dnsmasq as our child: it is started again when it ends, and ends with us. */
export class DnsmasqProcess {
  #child: ChildProcess | undefined;
  #stopping = false;
  #restart: NodeJS.Timeout | undefined;
  #waits = new Backoff(500, 30_000);
  #onStarted: (() => void) | undefined;
  /** What it said last, for the error. */
  #lastLine = '';

  constructor(private readonly options: DnsmasqOptions) {}

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Raises `environment` if dnsmasq is missing, refuses its configuration, or can't get its sockets. */
  async start(): Promise<void> {
    const { program, configFile } = this.options;
    await checkConfig(program, configFile);
    await this.#endOrphan();
    let late: NodeJS.Timeout | undefined;
    const started = new Promise<null>((done) => {
      this.#onStarted = () => done(null);
      late = setTimeout(done, STARTED_MS, null).unref();
    });
    const child = await this.#spawn();
    const ended = await Promise.race([exitOf(child), started]);
    clearTimeout(late);
    if (ended !== null) {
      this.#child = undefined;
      await rm(this.options.pidFile, { force: true });
      throw new LabError('environment', `dnsmasq does not start: ${this.#lastLine || ended}`, {
        hint: 'It needs the right to serve DHCP (root, or CAP_NET_ADMIN and CAP_NET_RAW), the interface, and port 67 free.',
      });
    }
    this.#supervise(child);
  }

  /** Makes it read its hosts file again. Its configuration it reads only when it starts. */
  reload(): void {
    this.#child?.kill('SIGHUP');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child !== undefined) {
      const gone = exitOf(child);
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(killer);
    }
    await rm(this.options.pidFile, { force: true });
  }

  /** One that a killed bastion left behind holds port 67. PIDs are used again, so its command line has to be ours. */
  async #endOrphan(): Promise<void> {
    const pid = Number(await readFileIfThere(this.options.pidFile));
    if (!Number.isInteger(pid) || pid <= 1 || !this.#isOurs(pid)) return;
    this.options.log.warn({ pid }, 'ending the dnsmasq of a bastion that was killed');
    process.kill(pid, 'SIGTERM');
    for (let waited = 0; waited < STOP_MS && this.#isOurs(pid); waited += 50) {
      await new Promise((done) => setTimeout(done, 50));
    }
    if (this.#isOurs(pid)) process.kill(pid, 'SIGKILL');
  }

  #isOurs(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .includes(`--conf-file=${this.options.configFile}`);
    } catch {
      return false;
    }
  }

  async #spawn(): Promise<ChildProcess> {
    const { program, configFile, pidFile } = this.options;
    const stay = this.options.canChangeUser ? '--keep-in-foreground' : '--no-daemon';
    const args = [stay, '--log-facility=-', '--pid-file=', `--conf-file=${configFile}`];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: englishEnvironment() });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(missing(program, error)));
    });
    child.on('error', (error) => this.options.log.warn({ err: error }, 'dnsmasq'));
    this.#child = child;
    this.#relay(child.stdout);
    this.#relay(child.stderr);
    await writeFile(pidFile, String(child.pid ?? ''), { mode: 0o600 });
    return child;
  }

  #relay(stream: Readable | null): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (said) => {
      const line = said.slice(0, MAX_LINE).replace(DEBUG_TIME, '');
      if (STARTED.test(line)) this.#onStarted?.();
      // The line before "FAILED to start up" says why.
      if (!line.endsWith('FAILED to start up')) {
        this.#lastLine = printable(line.replace(/^dnsmasq\S*: */, ''));
      }
      this.options.onLine?.(line);
    });
  }

  #supervise(child: ChildProcess): void {
    const began = this.options.clock.now();
    void exitOf(child).then((how) => {
      this.#child = undefined;
      if (this.#stopping) return;
      if (this.options.clock.now() - began > STABLE_MS) this.#waits.reset();
      const wait = this.#waits.next();
      this.options.log.error(
        { how, restartInMs: Math.round(wait) },
        'dnsmasq ended: machines get no addresses',
      );
      this.#restart = setTimeout(() => void this.#again(), wait);
    });
  }

  async #again(): Promise<void> {
    try {
      const child = await this.#spawn();
      // It was stopped while the process was made.
      if (this.#stopping) child.kill('SIGTERM');
      else this.#supervise(child);
    } catch (error) {
      this.options.log.error({ err: error }, 'dnsmasq can not be started again');
      if (!this.#stopping) this.#restart = setTimeout(() => void this.#again(), this.#waits.next());
    }
  }
}

/** How a child ended, in words; resolves at once for one that has. */
function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    const say = (code: number | null, signal: string | null): void =>
      resolve(signal === null ? `exit ${code}` : `signal ${signal}`);
    if (child.exitCode !== null || child.signalCode !== null) say(child.exitCode, child.signalCode);
    else child.once('exit', say);
  });
}

const missing = (program: string, cause: unknown): LabError =>
  new LabError('environment', `dnsmasq can't be run (${printable(program)})`, {
    hint: 'Install it (Debian: apt-get install dnsmasq-base), set BASTION_DNSMASQ to it, or unset BASTION_DHCP_INTERFACE.',
    cause,
  });
