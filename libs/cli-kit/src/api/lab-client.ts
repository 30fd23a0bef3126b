import type { IncomingMessage } from 'node:http';
import { LabError } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import { exitCodeOf, EXIT } from '../cli-error.js';
import { textAt } from '../output/cells.js';
import type {
  AuditVerdict,
  CanIAnswer,
  CanIQuestion,
  Install,
  LogPage,
  AdoptBody,
  Netboot,
  Network,
  NetworkLease,
  NetworkReservation,
  ResourceList,
  Server,
  OidcProvider,
  SessionTokens,
  Whoami,
} from './api-types.js';
import { ConnectionError } from './connection-error.js';
import { problemError } from './problem.js';
import { ROUTES, listPath, pathTo, resourcePath } from './routes.js';
import { sessionTokens } from './session.js';
import type { Session } from './session.js';
import type { ApiRequest, Transport } from './transport.js';

const MOST_PAGES = 10_000;

/** Filters of a list; those that are undefined don't count. */
export type ListQuery = Readonly<Record<string, string | number | undefined>>;

export interface LogQuery {
  install?: number | undefined;
  tail?: number | undefined;
  stage?: string | undefined;
}

/** labd's REST API. Raises LabError as labd stated it, {@link ConnectionError}, or not-logged-in (exit 4). */
export class LabClient {
  readonly #transport: Transport;
  readonly #session: Session;

  constructor(transport: Transport, session: Session) {
    this.#transport = transport;
    this.#session = session;
  }

  /** labd's base URL, for messages. */
  get server(): string {
    return this.#transport.server;
  }

  /** The catalog of resource kinds, unparsed. */
  async kinds(): Promise<unknown> {
    return this.send<unknown>({ method: 'GET', path: ROUTES.kinds });
  }

  /** The pages of a list, one request each. */
  pages(plural: string, query: ListQuery = {}): AsyncGenerator<readonly unknown[]> {
    return this.#pages<unknown>(listPath(plural), query);
  }

  async *#pages<T>(path: string, query: ListQuery): AsyncGenerator<readonly T[]> {
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const list = await this.send<ResourceList & { items: T[] }>({
        method: 'GET',
        path,
        query: { ...query, continue: cursor },
      });
      if (!Array.isArray(list.items)) throw notLabd(this.server);
      yield list.items;
      const next = textAt(list, 'metadata.continue');
      if (next === undefined || next === cursor) return;
      cursor = next;
    }
  }

  /** One resource by name, ID or (a server) MAC, every field kept. Raises not-found, or ambiguous with its candidates. */
  async resource({ plural }: Pick<PrintedKind, 'plural'>, ref: string): Promise<unknown> {
    return this.send<unknown>({ method: 'GET', path: resourcePath(plural, ref) });
  }

  async getServer(ref: string): Promise<Server> {
    return this.send<Server>({ method: 'GET', path: pathTo(ROUTES.server, ref) });
  }

  /** How the server's machine came, or didn't come, to its kernel. */
  async netboot(ref: string): Promise<Netboot> {
    return this.send<Netboot>({ method: 'GET', path: pathTo(ROUTES.netboot, ref) });
  }

  async network(ref: string): Promise<Network> {
    return this.send<Network>({ method: 'GET', path: pathTo(ROUTES.network, ref) });
  }

  /** The pages of the DHCP leases in a network, by address. */
  leases(ref: string, query: ListQuery = {}): AsyncGenerator<readonly NetworkLease[]> {
    return this.#pages<NetworkLease>(pathTo(ROUTES.leases, ref), query);
  }

  /** The pages of the addresses that are declared in a network, by address. */
  reservations(ref: string, query: ListQuery = {}): AsyncGenerator<readonly NetworkReservation[]> {
    return this.#pages<NetworkReservation>(pathTo(ROUTES.reservations, ref), query);
  }

  async install(id: string): Promise<Install> {
    return this.send<Install>({ method: 'GET', path: pathTo(ROUTES.install, id) });
  }

  /** The server takes the machine of `from`, which is deleted. */
  async adopt(ref: string, body: AdoptBody, dryRun: boolean): Promise<Server> {
    const query = { dryRun: dryRun ? 'true' : undefined };
    return this.send<Server>({ method: 'POST', path: pathTo(ROUTES.adopt, ref), query, body });
  }

  /** The pages of an install's log, oldest first. */
  async *logPages(ref: string, query: LogQuery): AsyncGenerator<LogPage> {
    let after: number | undefined;
    let attempt = query.install;
    for (;;) {
      const page: LogPage = await this.send<LogPage>({
        method: 'GET',
        path: pathTo(ROUTES.logs, ref),
        query: { ...query, install: attempt, after, tail: after === undefined ? query.tail : undefined },
      });
      if (!Array.isArray(page.lines)) throw notLabd(this.server);
      yield page;
      // A newer install may begin meanwhile: the pages stay in this one.
      attempt = page.install.attempt;
      if (page.next === null || page.next <= (after ?? -1)) return;
      after = page.next;
    }
  }

  /** Opens the event stream of an install. Its body is UTF-8 text/event-stream. */
  async followLogs(
    ref: string,
    query: LogQuery,
    options: { lastEventId: string | undefined; signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const { lastEventId, signal } = options;
    const tail = lastEventId === undefined ? query.tail : undefined;
    return this.#stream(
      pathTo(ROUTES.followLogs, ref),
      { install: query.install, tail },
      lastEventId,
      signal,
    );
  }

  /** Opens the stream of changes, from now on or after an event. */
  async openWatch(query: ListQuery, lastEventId: string | undefined): Promise<IncomingMessage> {
    return this.#stream(ROUTES.watch, query, lastEventId);
  }

  async #stream(
    path: string,
    query: ListQuery,
    lastEventId: string | undefined,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const request: ApiRequest = {
      method: 'GET',
      path,
      query,
      headers: {
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      ...(signal !== undefined && { signal }),
    };
    const token = await this.#session.token();
    let answer = await this.#transport.open(request, token);
    if (answer.statusCode === 401) {
      answer.resume();
      answer = await this.#transport.open(request, await this.#session.renew(token));
    }
    if (
      answer.statusCode === 200 &&
      answer.headers['content-type']?.startsWith('text/event-stream') === true
    ) {
      return answer;
    }
    throw problemError(answer.statusCode ?? 0, await limitedText(answer));
  }

  /** A request without the session: the answer's status, its text, and what the clock there says. */
  async probe(
    path: '/healthz' | '/readyz',
  ): Promise<{ status: number; text: string; date: Date | undefined }> {
    const answer = await this.#transport.open({ method: 'GET', path });
    const date = new Date(answer.headers.date ?? '');
    return {
      status: answer.statusCode ?? 0,
      text: await limitedText(answer),
      date: Number.isNaN(date.getTime()) ? undefined : date,
    };
  }

  /** Whether the session may do something. */
  async canI(question: CanIQuestion): Promise<CanIAnswer> {
    return this.send<CanIAnswer>({ method: 'POST', path: ROUTES.canI, body: question });
  }

  /** Where the audit log stands. */
  async auditHead(): Promise<unknown> {
    return this.send<unknown>({ method: 'GET', path: ROUTES.auditHead });
  }

  /** Whether the audit log holds; `head` is one that was exported earlier, as it is. */
  async verifyAudit(head: unknown): Promise<AuditVerdict> {
    return this.send<AuditVerdict>({ method: 'POST', path: ROUTES.verifyAudit, body: { head } });
  }

  /** labd's description of its API. */
  async openApi(): Promise<object> {
    return this.send<object>({ method: 'GET', path: '/docs/openapi.json' });
  }

  async whoami(): Promise<Whoami> {
    return this.send<Whoami>({ method: 'GET', path: ROUTES.whoami });
  }

  /** Sets a user's password; all their sessions end. */
  async setPassword(ref: string, password: string): Promise<void> {
    await this.send<unknown>({ method: 'PUT', path: pathTo(ROUTES.password, ref), body: { password } });
  }

  /** Ends the session at labd. */
  async logout(): Promise<void> {
    await this.send<unknown>({ method: 'POST', path: ROUTES.logout });
  }

  /** Any request, with the session; the answer's JSON. */
  async send<T>(request: ApiRequest): Promise<T> {
    const token = await this.#session.token();
    let answer = await this.#transport.send(request, token);
    if (answer.status === 401) answer = await this.#transport.send(request, await this.#session.renew(token));
    if (answer.status < 200 || answer.status >= 300) throw problemError(answer.status, answer.body);
    if (answer.status === 204 || answer.body === '') return undefined as T;
    return parseJson(answer.body, this.server) as T;
  }
}

/** The identity provider that labd trusts. Raises `not-found` when there is none. */
export async function oidcProvider(transport: Transport): Promise<OidcProvider> {
  const answer = await transport.send({ method: 'GET', path: ROUTES.oidc });
  if (answer.status !== 200) throw problemError(answer.status, answer.body);
  return parseJson(answer.body, transport.server) as OidcProvider;
}

/** A session for a provider's ID token. */
export async function logInWithIdToken(transport: Transport, idToken: string): Promise<SessionTokens> {
  const answer = await transport.send({ method: 'POST', path: ROUTES.oidc, body: { idToken } });
  if (answer.status >= 200 && answer.status < 300) return sessionTokens(answer.body);
  throw problemError(answer.status, answer.body);
}

/** A session for a name and password. Raises not-logged-in (exit 4) with labd's own words. */
export async function logIn(
  transport: Transport,
  username: string,
  password: string,
): Promise<SessionTokens> {
  const answer = await transport.send({
    method: 'POST',
    path: ROUTES.login,
    body: { username, password },
  });
  if (answer.status >= 200 && answer.status < 300) return sessionTokens(answer.body);
  const error = problemError(answer.status, answer.body);
  if (exitCodeOf(error) === EXIT.denied && error.hint === undefined) {
    throw new LabError(error.code, error.message, {
      hint: 'Check the user name and the password.',
      details: error.details,
    });
  }
  throw error;
}

const notLabd = (server: string): ConnectionError =>
  new ConnectionError(
    'not-http',
    `what answers at ${server} is not labd`,
    "Check that the context's URL is labd's.",
  );

function parseJson(text: string, server: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below.
  }
  throw notLabd(server);
}

async function limitedText(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > 65_536) break;
  }
  return text;
}
