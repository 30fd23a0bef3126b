import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runMark } from '@lab/testing';
import { stringify } from 'yaml';

const app = join(import.meta.dirname, '..');
const bin = join(app, 'bin', 'run.js');
/** For one that hangs: a busy machine takes its time. */
const MOST_MS = 100_000;

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface RunOptions {
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: string;
}

/** A labctl with a home folder of its own, run as the real program. */
export class Labctl {
  readonly home = mkdtempSync(join(tmpdir(), 'labctl-spec-'));
  readonly configFile = join(this.home, '.config', 'labctl', 'config.yaml');

  constructor() {
    requireFreshBundle();
  }

  /** Writes a contexts file. */
  configure(config: unknown): void {
    mkdirSync(dirname(this.configFile), { recursive: true });
    writeFileSync(this.configFile, stringify(config), { mode: 0o600 });
  }

  /** A context `local` of this server and session. */
  loggedInAt(server: string, tokens: object): void {
    this.configure({ currentContext: 'local', contexts: { local: { server, ...tokens } } });
  }

  config(): string {
    return readFileSync(this.configFile, 'utf8');
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    return this.start(args, options).result;
  }

  /** Starts it; `said` waits for text on either stream. */
  start(args: readonly string[], options: RunOptions = {}): Running {
    return new Running([process.execPath, bin, ...args], this.#environment(options.env), options.stdin ?? '');
  }

  /** Starts it on a terminal of its own (80 columns, 30 lines); what it shows is stdout, escape sequences and all. */
  startOnTerminal(args: readonly string[], options: Omit<RunOptions, 'stdin'> = {}): Running {
    const command = [process.execPath, bin, ...args]
      .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
      .join(' ');
    const sized = `stty rows 30 cols 80; exec ${command}`;
    return new Running(
      ['script', '-qec', sized, '/dev/null'],
      this.#environment({ TERM: 'xterm', ...options.env }),
      undefined,
    );
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  #environment(changes: RunOptions['env'] = {}): Record<string, string> {
    const all: Record<string, string | undefined> = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: this.home,
      LANG: 'C.UTF-8',
      SHELL: '/bin/sh',
      ...runMark(),
      ...changes,
    };
    return Object.fromEntries(
      Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
  }
}

export class Running {
  readonly child: ChildProcess;
  readonly result: Promise<Result>;
  #stdout = '';
  #stderr = '';
  readonly #ended = { yes: false };
  readonly #listeners = new Set<() => void>();

  constructor(command: readonly string[], env: Record<string, string>, stdin: string | undefined) {
    const [program = '', ...args] = command;
    this.child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: MOST_MS,
      killSignal: 'SIGKILL',
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#heard();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#heard();
    });
    if (stdin !== undefined) this.child.stdin?.end(stdin);
    this.result = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        this.#ended.yes = true;
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
        this.#heard();
      });
    });
  }

  type(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Resolves once either stream holds the text. */
  async said(text: string): Promise<void> {
    const all = (): string => this.#stdout + this.#stderr;
    while (!all().includes(text)) {
      if (this.#ended.yes) throw new Error(`labctl ended without saying "${text}":\n${all()}`);
      await new Promise<void>((resolve) => {
        const once = (): void => {
          this.#listeners.delete(once);
          resolve();
        };
        this.#listeners.add(once);
      });
    }
  }

  #heard(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** The specs run the program that was built; an old build would prove nothing. */
function requireFreshBundle(): void {
  const record = join(app, 'dist', 'bundle', 'sources.json');
  const sources = existsSync(record)
    ? (JSON.parse(readFileSync(record, 'utf8')) as Record<string, string>)
    : {};
  const changed = Object.entries(sources).filter(([path, hash]) => hashOf(join(app, path)) !== hash);
  if (Object.keys(sources).length === 0 || changed.length > 0) {
    throw new Error(
      `labctl is not built from these sources: run npm run build in the root (${changed.join(' ')})`,
    );
  }
}

const hashOf = (path: string): string | undefined =>
  existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : undefined;
