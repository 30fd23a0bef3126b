import { on } from 'node:events';
import type { ReadStream } from 'node:tty';
import { InterruptedError } from '../cli-error.js';

const MOST_CHARACTERS = 1024;

/** Asks on stderr and reads one line from the terminal; with `hidden` nothing of it is shown. Ctrl-C raises {@link InterruptedError}. */
export async function ask(
  question: string,
  options: { hidden: boolean } = { hidden: false },
): Promise<string> {
  const input = process.stdin;
  const line = new LineEditor();
  // Before the question: what is typed the moment it appears must not be shown by the terminal.
  input.setRawMode(true);
  try {
    process.stderr.write(question);
    for await (const key of keys(input)) {
      const result = line.press(key);
      if (!options.hidden) process.stderr.write(result.echo);
      if (result.done) return line.text;
    }
    throw new InterruptedError();
  } finally {
    input.setRawMode(false);
    input.pause();
    process.stderr.write('\n');
  }
}

/** The characters that are typed, one by one, until the input ends. */
async function* keys(input: ReadStream): AsyncGenerator<string> {
  input.setEncoding('utf8');
  const chunks = on(input, 'data', { close: ['end', 'close'] });
  input.resume();
  for await (const [chunk] of chunks) yield* String(chunk);
}

/** What a line of input becomes key by key, as a terminal in its usual mode would do it. */
export class LineEditor {
  #characters: string[] = [];

  get text(): string {
    return this.#characters.join('');
  }

  press(key: string): { echo: string; done: boolean } {
    switch (key) {
      case '\r':
      case '\n':
        return { echo: '', done: true };
      case '\u0003':
        throw new InterruptedError();
      case '\u0004':
        if (this.#characters.length === 0) throw new InterruptedError();
        return { echo: '', done: true };
      case '\u007f':
      case '\b':
        return { echo: this.#characters.pop() === undefined ? '' : '\b \b', done: false };
      case '\u0015': {
        const echo = '\b \b'.repeat(this.#characters.length);
        this.#characters = [];
        return { echo, done: false };
      }
      default:
        if (key < ' ' || this.#characters.length >= MOST_CHARACTERS) return { echo: '', done: false };
        this.#characters.push(key);
        return { echo: key, done: false };
    }
  }
}
