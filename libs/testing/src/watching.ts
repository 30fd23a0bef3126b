/** An event of a watch. */
export interface WatchEvent {
  type: string;
  id: string;
  data: { kind?: string; cursor?: string; object?: { metadata: { name: string; version: number } } };
}

/** Reads a stream of server-sent events until it is stopped, or ends. */
export class Watching {
  readonly events: WatchEvent[] = [];
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  #ended: Promise<void> = Promise.resolve();

  static async open(url: string, token: string, lastEventId?: string): Promise<Watching> {
    const watching = new Watching();
    const response = await fetch(url, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      signal: watching.#abort.signal,
    });
    if (!response.ok || response.body === null)
      throw new Error(`${response.status} ${await response.text()}`);
    watching.#ended = watching.#read(response.body).catch(() => undefined);
    return watching;
  }

  /** Names with what happened to them, `ready` left out: `added node1`. */
  get seen(): string[] {
    return this.events
      .filter(({ type }) => type !== 'ready')
      .map(({ type, data }) => `${type} ${data.object?.metadata.name ?? ''}`);
  }

  get cursor(): string {
    return this.events.at(-1)?.id ?? '';
  }

  async until(condition: (watching: Watching) => boolean): Promise<void> {
    while (!condition(this)) {
      await Promise.race([
        new Promise<void>((resolve) => this.#listeners.add(resolve)),
        this.#ended.then(() => {
          if (!condition(this)) throw new Error(`the stream ended with: ${this.seen.join(', ')}`);
        }),
      ]);
    }
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#ended;
  }

  get ended(): Promise<void> {
    return this.#ended;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) this.#take(part);
      for (const wake of this.#listeners) wake();
      this.#listeners.clear();
    }
  }

  #take(text: string): void {
    const field = (name: string): string | undefined =>
      text
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const type = field('event');
    if (type === undefined) return;
    this.events.push({
      type,
      id: field('id') ?? '',
      data: JSON.parse(field('data') ?? '{}') as WatchEvent['data'],
    });
  }
}
