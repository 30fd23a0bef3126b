interface Closable {
  close(): Promise<void>;
}

interface Entry<T> {
  opened: Promise<T>;
  users: number;
}

/** Keeps at most `size` things open that nobody uses right now; the longest unused one is closed first. */
export class OpenPool<T extends Closable> {
  /** In the order of their last use. */
  #entries = new Map<string, Entry<T>>();

  constructor(
    private readonly size: number,
    private readonly open: (key: string) => Promise<T>,
  ) {}

  /** Runs `work` with the thing, which stays open as long. */
  async use<R>(key: string, work: (thing: T) => Promise<R> | R): Promise<R> {
    const entry = this.#entries.get(key) ?? { opened: this.open(key), users: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users += 1;
    try {
      return await work(await entry.opened);
    } catch (error) {
      // What could not be opened is tried again by the next user.
      await entry.opened.catch(() => this.#entries.delete(key));
      throw error;
    } finally {
      entry.users -= 1;
      if (this.#entries.size > this.size) await this.#closeOldest();
    }
  }

  /** What is open now. */
  opened(): Promise<T[]> {
    return Promise.all([...this.#entries.values()].map((entry) => entry.opened));
  }

  async close(): Promise<void> {
    const all = await this.opened();
    this.#entries.clear();
    await Promise.all(all.map((thing) => thing.close()));
  }

  async #closeOldest(): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (entry.users > 0) continue;
      this.#entries.delete(key);
      await (await entry.opened).close();
      return;
    }
  }
}
