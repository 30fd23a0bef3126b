import type { Clock } from '@lab/domain';
import { LabClient } from './api/lab-client.js';
import { ContextSession, FixedSession } from './api/session.js';
import type { Session } from './api/session.js';
import { Transport } from './api/transport.js';
import { notLoggedIn, usageError } from './cli-error.js';
import type { CliEnvironment } from './config.js';
import { ContextStore, contextFilePath } from './context/context-store.js';
import type { Context, ContextFile } from './context/context-file.js';
import { serverUrl } from './context/server-url.js';
import { oneLine } from './output/neutralise.js';
import { Catalog, catalogCachePath } from './resources/catalog.js';

export interface ConnectOptions {
  environment: CliEnvironment;
  /** `--context`: it and its session, whatever the environment says. */
  context: string | undefined;
  userAgent: string;
  timeoutMs: number;
  trace?: (line: string) => void;
  clock: Clock;
}

/** A labd and the session with it, chosen by flag, then environment, then contexts file. */
export class Connection {
  readonly client: LabClient;
  readonly catalog: Catalog;
  /** Undefined if the session comes from the environment alone. */
  readonly contextName: string | undefined;

  constructor(
    options: ConnectOptions,
    transport: Transport,
    session: Session,
    contextName: string | undefined,
  ) {
    this.client = new LabClient(transport, session);
    this.contextName = contextName;
    this.catalog = new Catalog(
      catalogCachePath(options.environment, transport.server),
      () => this.client.kinds(),
      options.clock,
    );
  }
}

/** Chooses labd and session; asks nothing over the network. Raises not-logged-in (exit 4) or a usage error. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  // The flag is the person's last word: the environment's server and token are for what it does not say.
  const { server, token } = options.context === undefined ? options.environment : {};
  if (server !== undefined && token !== undefined) {
    return new Connection(
      options,
      transportTo(options, serverUrl(server)),
      new FixedSession(token),
      undefined,
    );
  }

  const store = new ContextStore(contextFilePath(options.environment));
  const file = await store.read();
  const chosen = chosenContext(file, options, server);
  const url = serverUrl(server ?? chosen?.context.server ?? noServer());
  const transport = transportTo(options, url);
  if (token !== undefined) return new Connection(options, transport, new FixedSession(token), chosen?.name);
  if (chosen === undefined) throw notLoggedIn(`you are not logged in at ${transport.server}`);
  return new Connection(
    options,
    transport,
    new ContextSession(store, chosen.name, chosen.context, transport, options.clock),
    chosen.name,
  );
}

interface Chosen {
  name: string;
  context: Context;
}

/** With a server from the environment only a context of that same server: a session is never sent to another one. */
function chosenContext(
  file: ContextFile,
  options: ConnectOptions,
  server: string | undefined,
): Chosen | undefined {
  const named = options.context ?? options.environment.context;
  if (named !== undefined) {
    const context = file.get(named);
    if (context === undefined) throw noContext(named, file);
    if (server === undefined || sameServer(context.server, server)) return { name: named, context };
  }
  const names = [...(file.current === undefined ? [] : [file.current]), ...file.names()];
  if (server === undefined) return found(file, file.current);
  return found(
    file,
    names.find((name) => sameServer(file.get(name)?.server ?? '', server)),
  );
}

function found(file: ContextFile, name: string | undefined): Chosen | undefined {
  const context = name === undefined ? undefined : file.get(name);
  return name === undefined || context === undefined ? undefined : { name, context };
}

const sameServer = (one: string, other: string): boolean =>
  URL.canParse(one) && serverUrl(one).href === serverUrl(other).href;

const transportTo = (options: ConnectOptions, server: URL): Transport =>
  new Transport({
    server,
    userAgent: options.userAgent,
    timeoutMs: options.timeoutMs,
    ...(options.trace !== undefined && { trace: options.trace }),
  });

function noServer(): never {
  throw notLoggedIn('no labd is chosen', {
    hint: 'Log in with labctl login URL, such as labctl login http://127.0.0.1:7070.',
  });
}

/** There is no context of that name (exit 2). */
export function noContext(name: string, file: ContextFile): Error {
  const names = file.names().map(oneLine);
  return usageError(
    `there is no context "${oneLine(name)}"`,
    names.length === 0 ? 'Make one with labctl login URL.' : `Contexts: ${names.join(', ')}.`,
  );
}
