import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { programs } from '@lab/testing';
import { eventually } from './lab-under-test.js';

const run = promisify(execFile);

/** A terminal with a shell in it, as a person sees it: the screen after all escape sequences have done their work. */
export class Tmux {
  readonly #program: string;
  readonly #socket = `lab-${randomUUID()}`;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(program: string, env: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#env = env;
  }

  static async start(columns: number, rows: number, env: NodeJS.ProcessEnv): Promise<Tmux> {
    const { tmux } = await programs(['tmux']);
    const terminal = new Tmux(tmux, { ...env, TMUX: '', PS1: '$ ', LC_ALL: 'C.UTF-8' });
    const shell = ['bash', '--norc', '--noprofile'];
    const size = ['-x', `${columns}`, '-y', `${rows}`];
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...shell);
    await terminal.shows(/^\$ ?$/m);
    return terminal;
  }

  /** Types a line. */
  async enter(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Presses keys by tmux's names: `C-c`, `q`, `Enter`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** What stands on the screen; `coloured` with the escape sequences of its colours. */
  async screen({ coloured = false } = {}): Promise<string> {
    return this.#tmux('capture-pane', '-p', ...(coloured ? ['-e'] : []));
  }

  /** What stands on the screen and above it. */
  async everything(): Promise<string> {
    return this.#tmux('capture-pane', '-p', '-S', '-');
  }

  /** Waits until the screen shows it; answers the screen. */
  async shows(what: RegExp): Promise<string> {
    let screen = '';
    try {
      return await eventually(
        `the terminal shows ${String(what)}`,
        async () => {
          screen = await this.screen();
          return what.test(screen) ? screen : undefined;
        },
        120_000,
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; it shows:\n${screen}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
  }

  async #tmux(...args: string[]): Promise<string> {
    const { stdout } = await run(this.#program, ['-L', this.#socket, ...args], { env: this.#env });
    return stdout;
  }
}
