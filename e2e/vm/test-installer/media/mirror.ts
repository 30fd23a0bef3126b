import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a mirror does with one of its files instead of sending it. */
export type Fault = (request: IncomingMessage, response: ServerResponse, file: string) => void;

/** A mirror: a folder over HTTP, with Range, If-Range and strong ETags as nginx has them, and with faults where they are asked for. */
export class Mirror {
  readonly asked: { path: string; range: string | undefined; ifRange: string | undefined; sent: number }[] =
    [];
  readonly faults = new Map<RegExp, Fault>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(root: string): Promise<Mirror> {
    const handler: { answer: (request: IncomingMessage, response: ServerResponse) => void } = {
      answer: () => undefined,
    };
    const server = createServer((request, response) => handler.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const mirror = new Mirror(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    handler.answer = (request, response) => void mirror.answer(root, request, response);
    return mirror;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Bytes that were sent of files that match. */
  sent(pattern: RegExp): number {
    return this.asked.filter(({ path }) => pattern.test(path)).reduce((sum, { sent }) => sum + sent, 0);
  }

  private async answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? '/', this.url).pathname);
    const { range, 'if-range': ifRange } = request.headers;
    const entry = { path, range, ifRange: typeof ifRange === 'string' ? ifRange : undefined, sent: 0 };
    this.asked.push(entry);
    const file = join(root, path);
    const fault = [...this.faults].find(([pattern]) => pattern.test(path))?.[1];
    if (fault !== undefined) {
      fault(request, response, file);
      return;
    }
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() !== true) {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>404</html>');
      return;
    }
    const etag = `"${found.mtimeMs.toString(16)}-${found.size.toString(16)}"`;
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const isPart = range !== undefined && (entry.ifRange === undefined || entry.ifRange === etag);
    const start = isPart ? from : 0;
    entry.sent = found.size - start;
    response.writeHead(isPart ? 206 : 200, {
      'content-length': found.size - start,
      'content-type': 'application/octet-stream',
      etag,
      ...(isPart && { 'content-range': `bytes ${start}-${found.size - 1}/${found.size}` }),
    });
    createReadStream(file, { start }).pipe(response);
  }
}
