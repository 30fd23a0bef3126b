import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../injection-tokens.js';
import { Changes } from './changes.notifier.js';
import { FeedLog, type NumberedChange } from './feed-log.repository.js';

/** Changes kept in memory for those who are nearly up to date, and the characters that they may take up together. */
const RING_EVENTS = 5000;
const RING_CHARACTERS = 32 * 1024 * 1024;
/** Other replicas' changes are looked for so often, if no hint comes. */
const LOOK_EVERY_MS = 500;

/** A change with its text, which is made once for all watchers. */
export interface RingEvent extends NumberedChange {
  /** JSON of the object. */
  text: string;
}

/** Reads the feed once for all watchers of this replica, and keeps its end in memory. Numbers rows before it reads. */
@Injectable()
export class FeedTail implements OnApplicationBootstrap, OnApplicationShutdown {
  #ring: RingEvent[] = [];
  #characters = 0;
  #head = 0;
  #heard = 0;
  #stopped = false;
  #wake: () => void = () => undefined;
  #loop: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => undefined;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly feed: FeedLog,
    private readonly changes: Changes,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#stopListening = this.changes.onFeed(() => {
      this.#heard += 1;
      this.#wake();
    });
    this.#loop = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    this.#wake();
    await this.#loop;
  }

  /** The newest number that was read. */
  get head(): number {
    return this.#head;
  }

  /** What comes after the cursor, if all of it is in memory; else undefined: the database has it. */
  after(cursor: number): readonly RingEvent[] | undefined {
    if (cursor >= this.#head) return [];
    const first = this.#ring[0];
    if (first === undefined || cursor < first.seq - 1) return undefined;
    return this.#ring.slice(cursor - first.seq + 1, cursor - first.seq + 1 + RING_EVENTS);
  }

  /** Resolves when there is something after the cursor, or after `milliseconds`, or when `signal` is aborted. */
  async waitBehind(cursor: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#head > cursor || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  async #run(): Promise<void> {
    let started = false;
    while (!this.#stopped) {
      const heard = this.#heard;
      try {
        if (!started) {
          this.#head = (await this.feed.bounds()).head;
          started = true;
        }
        while (await this.feed.number()) continue;
        await this.#read();
      } catch (err) {
        this.log.error({ err }, 'the feed could not be read; it is tried again');
      }
      if (this.#heard === heard) await this.#pause();
    }
  }

  async #read(): Promise<void> {
    for (;;) {
      const changes = await this.feed.after(this.#head);
      const last = changes.at(-1);
      if (last === undefined) return;
      this.#keep(changes);
      this.#head = last.seq;
      for (const wake of [...this.#waiting]) wake();
    }
  }

  #keep(changes: readonly NumberedChange[]): void {
    for (const change of changes) {
      const text = JSON.stringify(change.object);
      this.#ring.push({ ...change, text });
      this.#characters += text.length;
    }
    let drop = Math.max(0, this.#ring.length - RING_EVENTS);
    let characters = this.#ring.slice(0, drop).reduce((sum, { text }) => sum + text.length, 0);
    while (this.#characters - characters > RING_CHARACTERS && drop < this.#ring.length - 1) {
      characters += this.#ring[drop]?.text.length ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#ring = this.#ring.slice(drop);
    this.#characters -= characters;
  }

  #pause(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_EVERY_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
