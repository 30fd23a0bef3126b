import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { ConnectionError, connectionError, timedOut } from './connection-error.js';

/** More than a page of 1,000 servers with all their hardware, by far. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** From the base URL on, encoded: `/api/v1/servers/node1`. */
  path: string;
  query?: Readonly<Record<string, string | number | undefined>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

export interface ApiAnswer {
  status: number;
  body: string;
}

export interface TransportOptions {
  /** labd's base URL. */
  server: URL;
  userAgent: string;
  /** For a whole answer; for a stream, until its headers. */
  timeoutMs: number;
  /** Told about each request and answer, secrets left out. */
  trace?: (line: string) => void;
}

/** HTTP to labd on node:http, because loading Node's `fetch` costs more than the rest of a command. Raises {@link ConnectionError}. */
export class Transport {
  readonly #options: TransportOptions;
  readonly server: string;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.server = options.server.href.replace(/\/$/, '');
  }

  /** Sends and reads the whole answer, of whatever status. */
  async send(request: ApiRequest, token?: string): Promise<ApiAnswer> {
    const answer = await this.open(request, token);
    const timer = setTimeout(
      () => answer.destroy(timedOut(this.server, this.#options.timeoutMs)),
      this.#options.timeoutMs,
    );
    try {
      return { status: answer.statusCode ?? 0, body: await this.#text(answer) };
    } catch (error) {
      throw connectionError(error, this.server);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends and answers as soon as the headers are there; the body is still to be read. */
  async open(request: ApiRequest, token?: string): Promise<IncomingMessage> {
    const url = this.#url(request);
    const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': this.#options.userAgent,
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(payload !== undefined && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(payload)),
      }),
      ...request.headers,
    };
    const started = performance.now();
    try {
      const answer = await this.#exchange(url, request, headers, payload);
      const took = Math.round(performance.now() - started);
      this.#options.trace?.(`${request.method} ${url.href} → ${answer.statusCode ?? 0} (${took} ms)`);
      return answer;
    } catch (error) {
      this.#options.trace?.(
        `${request.method} ${url.href} → ${error instanceof Error ? error.message : String(error)}`,
      );
      request.signal?.throwIfAborted();
      throw connectionError(error, this.server);
    }
  }

  async #exchange(
    url: URL,
    request: ApiRequest,
    headers: Record<string, string>,
    payload: string | undefined,
  ): Promise<IncomingMessage> {
    // TLS takes a while to load, and most often labd is on this machine.
    const client = url.protocol === 'https:' ? (await import('node:https')).default : http;
    return new Promise((resolve, reject) => {
      const outgoing = client.request(url, {
        method: request.method,
        headers,
        ...(request.signal !== undefined && { signal: request.signal }),
      });
      const timer = setTimeout(() => {
        outgoing.destroy(timedOut(this.server, this.#options.timeoutMs));
      }, this.#options.timeoutMs);
      outgoing.once('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      outgoing.once('response', (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      outgoing.end(payload);
    });
  }

  #url(request: ApiRequest): URL {
    const url = new URL(this.server + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  async #text(answer: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) {
        answer.destroy();
        throw new ConnectionError(
          'not-http',
          `the answer of ${this.server} is larger than ${MOST_BYTES / 1024 / 1024} MiB`,
          'Ask for less: use a filter or a name.',
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}
