import { setTimeout as delay } from 'node:timers/promises';

/** HTTP as an installer has it: a bastion that is away is asked again, a refusal is final. */
export class MachineHttp {
  readonly #base: string;
  readonly #off: AbortSignal;

  constructor(base: string, off: AbortSignal) {
    this.#base = base;
    this.#off = off;
  }

  async text(url: string): Promise<string> {
    return (await this.#request(url, {})).text();
  }

  async json(url: string): Promise<unknown> {
    return (await this.#request(url, {})).json();
  }

  /** Posts JSON until the bastion took it. Resolves to its answer, undefined if there is none. */
  async deliver(path: string, body: object, token?: string): Promise<unknown> {
    const response = await this.#request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Ends early, by an error, when the machine's power is cut. */
  async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#off });
  }

  async #request(pathOrUrl: string, init: RequestInit): Promise<Response> {
    const url = new URL(pathOrUrl, this.#base);
    for (let attempt = 1; ; attempt += 1) {
      this.#off.throwIfAborted();
      const response = await this.#attempt(url, init);
      if (response?.ok === true) return response;
      const isFinal = response !== undefined && response.status < 500 && response.status !== 429;
      if (isFinal || attempt === 200) {
        const answer = response === undefined ? 'no answer' : `${response.status} ${await response.text()}`;
        throw new Error(`${init.method ?? 'GET'} ${url.pathname}: ${answer}`);
      }
      await response?.body?.cancel();
      await this.pause(Math.min(1000, 25 * 2 ** Math.min(attempt, 6)));
    }
  }

  async #attempt(url: URL, init: RequestInit): Promise<Response | undefined> {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any([this.#off, AbortSignal.timeout(30_000)]) });
    } catch (error) {
      this.#off.throwIfAborted();
      if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError'))
        return undefined;
      throw error;
    }
  }
}
