import { textAt } from '@lab/cli-kit';
import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LabError, RESOURCE_KINDS, toProblem } from '@lab/domain';
import { FakeInstall } from './fake-install.js';
import type { Server } from './resources.js';

/** A small labd for specs about what labctl prints and how it ends: real HTTP, the contract's routes, no database. */
export class FakeLabd {
  readonly servers: Server[] = [];
  readonly bastions: unknown[] = [];
  readonly installs = new Map<string, FakeInstall>();
  /** `METHOD path?query`, in order. */
  readonly requests: string[] = [];
  /** Bodies of the requests that had one. */
  readonly bodies: unknown[] = [];
  kinds: unknown = { items: RESOURCE_KINDS };
  pageSize = 500;
  /** Answers this instead, for paths that match. */
  override: ((path: string, response: ServerResponse) => boolean) | undefined;
  refreshes = 0;
  #access = 'access-1';
  #refresh = 'refresh-1';
  #issued = 1;
  readonly #http: HttpServer;

  private constructor(http: HttpServer) {
    this.#http = http;
  }

  static async start(): Promise<FakeLabd> {
    const http = createServer();
    const labd = new FakeLabd(http);
    http.on('request', (request, response) => void labd.#answer(request, response));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return labd;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get tokens(): { accessToken: string; refreshToken: string; expiresAt: string; username: string } {
    return {
      accessToken: this.#access,
      refreshToken: this.#refresh,
      expiresAt: new Date(Date.now() + 900_000).toISOString(),
      username: 'admin',
    };
  }

  /** Access tokens given so far are no longer good; with `whole`, refresh tokens neither. */
  endSession(whole = false): void {
    this.#access = 'ended';
    if (whole) this.#refresh = 'ended';
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://labd');
    this.requests.push(`${request.method} ${decodeURIComponent(url.pathname)}${url.search}`);
    const body = await bodyOf(request);
    if (body !== undefined) this.bodies.push(body);
    try {
      if (this.override?.(url.pathname, response) === true) return;
      const answer = await this.#route(request, url, body, response);
      if (answer !== undefined) json(response, answer.status ?? 200, answer.body);
    } catch (error) {
      const known = error instanceof LabError ? error : new LabError('internal', String(error));
      json(response, known.status, toProblem(known, 'req-0001'), 'application/problem+json');
    }
  }

  async #route(
    request: IncomingMessage,
    url: URL,
    body: unknown,
    response: ServerResponse,
  ): Promise<{ status?: number; body: unknown } | undefined> {
    const [, , , topic, ref, verb, follow] = url.pathname.split('/').map(decodeURIComponent);
    if (topic === 'auth' && ref !== 'whoami' && ref !== 'logout')
      return { body: await this.#session(ref, body) };
    if (request.headers.authorization !== `Bearer ${this.#access}`) {
      throw new LabError('not-logged-in', 'The access token is not valid', {
        hint: 'Log in with labctl login.',
      });
    }
    if (ref === 'logout') return { status: 204, body: undefined };
    if (ref === 'whoami')
      return { body: { username: 'admin', roles: ['admin'], permissions: ['admin:*:*:*'] } };
    if (topic === 'resources') return { body: this.kinds };
    if (topic === 'bastions')
      return { body: ref === undefined ? list(this.bastions, null) : this.#bastion(ref) };
    if (topic === 'installs') return { body: this.#install(ref ?? '').resource() };
    if (topic !== 'servers') throw new LabError('not-found', `There is no route ${url.pathname}`);
    if (ref === undefined) return { body: this.#page(url) };
    const server = this.#server(ref);
    if (verb === undefined) return { body: server };
    if (verb === 'netboot') return { body: { events: [], leases: [] } };
    if (verb === 'logs') return this.#logs(server, url, request, response, follow === 'follow');
    return this.#act(server, verb);
  }

  #bastion(ref: string): unknown {
    const found = this.bastions.find((bastion) => textAt(bastion, 'metadata.name') === ref);
    if (found === undefined) throw new LabError('not-found', `There is no bastion "${ref}"`);
    return found;
  }

  #page(url: URL): unknown {
    const { status, role } = Object.fromEntries(url.searchParams);
    const matching = this.servers.filter(
      (server) =>
        (status ?? server.status.phase) === server.status.phase &&
        (role ?? server.spec.role) === server.spec.role,
    );
    const from = Number(url.searchParams.get('continue') ?? 0);
    const next = from + this.pageSize < matching.length ? String(from + this.pageSize) : null;
    return list(matching.slice(from, from + this.pageSize), next);
  }

  #server(ref: string): Server {
    const found = this.servers.filter(({ metadata, status }) =>
      [metadata.name, metadata.id, status.mac].includes(ref),
    );
    if (found[0] === undefined) {
      throw new LabError('not-found', `There is no server "${ref}"`, {
        hint: 'List them with labctl get servers.',
      });
    }
    if (found.length > 1) {
      throw new LabError('ambiguous', `"${ref}" is the name of ${found.length} servers`, {
        hint: 'Give the ID.',
        details: { candidates: found.map(({ metadata: { id, name } }) => ({ id, name })) },
      });
    }
    return found[0];
  }

  #install(id: string): FakeInstall {
    const install = this.installs.get(id);
    if (install === undefined) throw new LabError('not-found', 'There is no such install');
    return install;
  }

  #act(server: Server, verb: string): { status: number; body: unknown } {
    if (verb === 'forget') {
      this.servers.splice(this.servers.indexOf(server), 1);
      return { status: 200, body: { metadata: { id: server.metadata.id, name: server.metadata.name } } };
    }
    const busy = server.status.phase === 'provisioning';
    if (verb === 'cancel' ? !busy : busy) {
      throw new LabError('illegal-transition', `an install is ${busy ? 'running already' : 'not running'}`, {
        hint: 'Wait for the install, or cancel it.',
      });
    }
    server.status.phase = verb === 'cancel' ? 'discovered' : 'provisioning';
    const install = [...this.installs.values()].find((candidate) => candidate.server === server);
    if (install !== undefined) server.status.install = install.summary();
    return { status: 202, body: server };
  }

  #logs(
    server: Server,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
    follow: boolean,
  ): { body: unknown } | undefined {
    const install = [...this.installs.values()].find((candidate) => candidate.server === server);
    if (install === undefined) {
      throw new LabError('not-found', `${server.metadata.name} has no install yet`, {
        hint: 'Use labctl provision.',
      });
    }
    if (!follow) return { body: install.logPage(url.searchParams) };
    const lastEventId = request.headers['last-event-id'];
    install.follow(response, typeof lastEventId === 'string' ? lastEventId : undefined, url.searchParams);
    return undefined;
  }

  async #session(verb: string | undefined, body: unknown): Promise<unknown> {
    const fields = body as Record<string, unknown>;
    if (verb === 'login') {
      if (fields['password'] !== 'secret')
        throw new LabError('not-logged-in', 'The user name or the password is wrong');
    } else {
      // Time enough for a second labctl to come by.
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (fields['refreshToken'] !== this.#refresh)
        throw new LabError('not-logged-in', 'The session has ended');
      this.refreshes += 1;
    }
    this.#issued += 1;
    this.#access = `access-${this.#issued}`;
    this.#refresh = `refresh-${this.#issued}`;
    return this.tokens;
  }
}

const list = (items: readonly unknown[], next: string | null) => ({
  apiVersion: 'lab/v1',
  kind: 'List',
  metadata: { continue: next },
  items,
});

function json(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
