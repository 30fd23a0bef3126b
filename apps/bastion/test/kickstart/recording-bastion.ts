import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const progress = z.looseObject({
  stage: z.string(),
  event: z.enum(['started', 'ended', 'failed']),
  seq: z.number(),
  at: z.iso.datetime(),
  section: z.string(),
  message: z.string().optional(),
  failure: z
    .object({
      section: z.string(),
      stage: z.string(),
      line: z.number().nullable(),
      command: z.string(),
      exit_code: z.number().nullable(),
      last_lines: z.array(z.string()),
    })
    .optional(),
  facts: z.record(z.string(), z.unknown()).optional(),
});
export type RecordedProgress = z.infer<typeof progress>;

const batch = z.object({
  lines: z
    .array(z.object({ seq: z.number(), at: z.iso.datetime(), source: z.string(), text: z.string() }))
    .max(1000),
});
export type RecordedLine = z.infer<typeof batch>['lines'][number];

/** Answers a request instead of the recorder; undefined leaves it to the recorder. */
export type Answer = (path: string, body: string) => { status: number; body?: string } | undefined;

/** The machine's side of a bastion as far as sections use it: keeps what it is sent. Listens on loopback only. */
export class RecordingBastion implements AsyncDisposable {
  readonly progress: RecordedProgress[] = [];
  readonly batches: RecordedLine[][] = [];
  readonly requests: { path: string; authorization: string | undefined; body: string }[] = [];
  answer: Answer = () => undefined;
  #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor() {
    this.#server = this.#createServer();
  }

  static async start(): Promise<RecordingBastion> {
    const bastion = new RecordingBastion();
    await bastion.listen(0);
    return bastion;
  }

  get port(): number {
    const address = this.#server.address() as AddressInfo | null;
    return address?.port ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get lines(): RecordedLine[] {
    return this.batches.flat();
  }

  /** The texts of a source. A line that came again with the seq it had before is a repeat, as for the real bastion. */
  texts(source: string): string[] {
    const bySeq = new Map(
      this.lines.filter((line) => line.source === source).map((line) => [line.seq, line.text]),
    );
    return [...bySeq.values()];
  }

  /** `stage event`, in order of arrival. */
  get story(): string[] {
    return this.progress.map((report) => `${report.stage} ${report.event}`);
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Goes away: connections are refused until `listen`. */
  async stop(): Promise<void> {
    const server = this.#server;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    this.#server = this.#createServer();
  }

  /** Resolves when the condition holds, looked at after every request. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #createServer(): Server {
    return createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        console.error('recorder', error, this.requests.at(-1)?.body.slice(0, 600));
        response.statusCode = 500;
        response.end(String(error));
      });
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    // Fatal: a body that isn't UTF-8 fails the test.
    const body = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const path = request.url ?? '';
    this.requests.push({ path, authorization: request.headers.authorization, body });
    const answer = this.answer(path, body) ?? this.#record(path, body);
    response.statusCode = answer.status;
    response.end(answer.body ?? '');
    for (const look of this.#waiting) look();
  }

  #record(path: string, body: string): { status: number; body?: string } {
    if (path === '/api/progress') this.progress.push(progress.parse(JSON.parse(body)));
    else if (path === '/api/log') this.batches.push(batch.parse(JSON.parse(body)).lines);
    else return { status: path === '/boot.ipxe' ? 200 : 404 };
    return path === '/api/progress' ? { status: 204 } : { status: 202, body: '{}' };
  }
}
