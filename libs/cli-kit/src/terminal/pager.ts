import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { LabError } from '@lab/domain';
import { oneLine } from '../output/neutralise.js';
import { exitCodeOfChild } from './interruption.js';
import { couldNotRun, shellCommand } from './shell-command.js';
import type { Terminal } from './terminal.js';

/** What a person reads from top to bottom. */
export interface PagedOutput {
  /** False: the reader has seen enough. */
  write(text: string): Promise<boolean>;
  /** Everything was written; resolves once the reader has finished. */
  end(): Promise<void>;
}

/**
 * Through a pager once it is longer than the screen, on a terminal; elsewhere it goes straight to stdout. `command` is a shell
 * command; `cat`: no pager.
 */
export function pagedOutput(terminal: Terminal, command: string): PagedOutput {
  const page = terminal.page;
  return page === undefined || command.trim() === 'cat'
    ? new Straight(terminal)
    : new Paged(terminal, command, page);
}

class Straight implements PagedOutput {
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  write(text: string): Promise<boolean> {
    this.#terminal.out(text);
    return Promise.resolve(true);
  }

  end(): Promise<void> {
    return Promise.resolve();
  }
}

class Paged implements PagedOutput {
  readonly #terminal: Terminal;
  readonly #command: string;
  readonly #page: { rows: number; columns: number };
  #held = '';
  #pager: Pager | undefined;

  constructor(terminal: Terminal, command: string, page: { rows: number; columns: number }) {
    this.#terminal = terminal;
    this.#command = command;
    this.#page = page;
  }

  async write(text: string): Promise<boolean> {
    if (this.#pager !== undefined) return this.#pager.write(text);
    this.#held += text;
    if (this.#fits()) return true;
    this.#pager = new Pager(this.#command);
    return this.#pager.write(this.#held);
  }

  async end(): Promise<void> {
    if (this.#pager === undefined) {
      this.#terminal.out(this.#held);
      return;
    }
    if (!couldNotRun(await this.#pager.end())) return;
    throw new LabError('environment', `the pager can't be run: ${oneLine(this.#command)}`, {
      hint: 'Set LABCTL_PAGER to one that is there, or to cat.',
    });
  }

  #fits(): boolean {
    const { rows, columns } = this.#page;
    const lines = this.#held.split('\n');
    const shown = lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)), 0);
    // The last one is empty, and the prompt takes a line.
    return shown - 1 < rows;
  }
}

/** A pager that runs. It may be closed by its reader at any time. */
class Pager {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #open = true;

  constructor(command: string) {
    this.#child = spawn('sh', ['-c', shellCommand(command)], { stdio: ['pipe', 'inherit', 'inherit'] });
    this.#ended = exitCodeOfChild(this.#child).catch(() => NOT_FOUND);
    void this.#ended.then(() => (this.#open = false));
    this.#child.stdin?.on('error', () => (this.#open = false));
  }

  async write(text: string): Promise<boolean> {
    const { stdin } = this.#child;
    if (this.#open && stdin?.write(text) === false) {
      // A pager that is closed, or was never there, breaks the pipe: its exit code tells.
      const drained = once(stdin, 'drain').catch(() => this.#ended);
      await Promise.race([drained, this.#ended]);
    }
    return this.#open;
  }

  /** Its exit code, once its reader has closed it. */
  async end(): Promise<number> {
    this.#child.stdin?.end();
    return this.#ended;
  }
}

/** As of a shell that does not find its command: there is no shell, even. */
const NOT_FOUND = 127;
