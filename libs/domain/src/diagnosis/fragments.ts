/** Text with gaps, found in a line without regular expressions, so that no line can make it slow. */
export interface Fragment {
  parts: readonly string[];
  fromStart: boolean;
  toEnd: boolean;
}

/** So many characters in a row a fragment must have. */
const LEAST = 4;

/**
 * Reads a fragment: `*` is any text, `^` at its beginning and `$` at its end are the ends of the line; the case of letters
 * doesn't matter. Raises an error for one without four characters in a row, which would be found everywhere.
 */
export function parseFragment(pattern: string): Fragment {
  const fromStart = pattern.startsWith('^');
  const toEnd = pattern.endsWith('$');
  const parts = pattern
    .slice(fromStart ? 1 : 0, toEnd ? -1 : undefined)
    .toLowerCase()
    .split('*')
    .filter((part) => part !== '');
  if (parts.every((part) => part.length < LEAST)) {
    throw new Error(`The fragment "${pattern}" has no ${LEAST} characters in a row.`);
  }
  return { parts, fromStart, toEnd };
}

/** Whether the line, in lower case, holds the parts in their order. Each part is looked for once, from where the last ended. */
export function holds(line: string, { parts, fromStart, toEnd }: Fragment): boolean {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const found = toEnd && isLast ? line.length - part.length : line.indexOf(part, at);
    if (found < at || (fromStart && index === 0 && found > 0)) return false;
    if (toEnd && isLast && !line.endsWith(part)) return false;
    at = found + part.length;
  }
  return true;
}

interface Entry<T> {
  fragment: Fragment;
  value: T;
  /** The line in which it was last looked for. */
  lookedForIn: number;
}

/**
 * Many fragments, looked up together with the automaton of Aho and Corasick (CACM 18, 1975): one step per character finds
 * every fragment whose longest part the line holds, and each of those is then compared once. What a line costs is bounded
 * by its length and the number of fragments, whatever it says.
 */
export class FragmentIndex<T> {
  /** Of a character's code: its column in the table; 0 for one that no fragment has. Capitals are as their small letters. */
  readonly #columns = new Uint8Array(0x10000);
  #width = 1;
  readonly #next: Uint32Array;
  /** Of a state: the entries whose longest part ends there. */
  readonly #ends: (readonly Entry<T>[] | undefined)[];
  #line = 0;

  constructor(entries: Iterable<readonly [pattern: string, value: T]>) {
    const parsed = [...entries].map(([pattern, value]) => ({
      fragment: parseFragment(pattern),
      value,
      lookedForIn: 0,
    }));
    for (const { fragment } of parsed) this.#giveColumns(longestPart(fragment));
    const words = parsed.map(({ fragment }) => this.#columnsOf(longestPart(fragment)));
    const automaton = new Automaton<Entry<T>>(
      this.#width,
      words.reduce((sum, word) => sum + word.length, 0),
    );
    for (const [index, entry] of parsed.entries()) automaton.add(words[index] ?? [], entry);
    automaton.link();
    this.#next = automaton.next;
    this.#ends = automaton.ends;
  }

  /** Whether the line holds the longest part of any fragment: false means that `find` finds nothing. */
  touches(line: string): boolean {
    let state = 0;
    for (let index = 0; index < line.length; index += 1) {
      state = this.#step(state, line.charCodeAt(index));
      if (this.#ends[state] !== undefined) return true;
    }
    return false;
  }

  /** The values whose fragments the line, in lower case, holds; in no order. */
  find(line: string): T[] {
    const found: T[] = [];
    this.#line += 1;
    let state = 0;
    for (let index = 0; index < line.length; index += 1) {
      state = this.#step(state, line.charCodeAt(index));
      const ends = this.#ends[state];
      if (ends === undefined) continue;
      for (const entry of ends) {
        if (entry.lookedForIn === this.#line) continue;
        entry.lookedForIn = this.#line;
        if (holds(line, entry.fragment)) found.push(entry.value);
      }
    }
    return found;
  }

  #step(state: number, code: number): number {
    return this.#next[state * this.#width + (this.#columns[code] ?? 0)] ?? 0;
  }

  #giveColumns(part: string): void {
    for (const character of part) {
      const code = character.charCodeAt(0);
      if ((this.#columns[code] ?? 0) > 0) continue;
      this.#columns[code] = this.#width;
      this.#columns[character.toUpperCase().charCodeAt(0)] = this.#width;
      this.#width += 1;
    }
  }

  #columnsOf(part: string): number[] {
    return Array.from(part, (character) => this.#columns[character.charCodeAt(0)] ?? 0);
  }
}

const longestPart = ({ parts }: Fragment): string =>
  parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');

/** Words as a tree in a table, a row a state and a column a character; 0 is the root, and no way on. */
class Automaton<E> {
  readonly next: Uint32Array;
  readonly ends: (readonly E[] | undefined)[];
  readonly #width: number;
  #states = 1;

  /** Room for words of so many characters altogether. */
  constructor(width: number, characters: number) {
    this.#width = width;
    this.next = new Uint32Array((characters + 1) * width);
    // Filled, for an array with holes is looked up slowly.
    this.ends = Array.from({ length: characters + 1 });
  }

  add(word: readonly number[], entry: E): void {
    let state = 0;
    for (const column of word) {
      const cell = state * this.#width + column;
      state = at(this.next, cell);
      if (state > 0) continue;
      state = this.#states;
      this.next[cell] = state;
      this.#states += 1;
    }
    this.ends[state] = [...(this.ends[state] ?? []), entry];
  }

  /** Level by level: a state without a way on goes where the longest proper end of what was read would go. */
  link(): void {
    const shorter = new Uint32Array(this.#states);
    const queue = [0];
    for (const state of queue) {
      const fallback = at(shorter, state);
      const inherited = state === 0 ? undefined : this.ends[fallback];
      if (inherited !== undefined) this.ends[state] = [...(this.ends[state] ?? []), ...inherited];
      for (let column = 0; column < this.#width; column += 1) {
        const cell = state * this.#width + column;
        const child = at(this.next, cell);
        const after = state === 0 ? 0 : at(this.next, fallback * this.#width + column);
        if (child === 0) {
          this.next[cell] = after;
        } else {
          shorter[child] = after;
          queue.push(child);
        }
      }
    }
  }
}

const at = (cells: Uint32Array, index: number): number => cells[index] ?? 0;
