import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { LabError, systemClock, type Clock } from '@lab/domain';
import { AppModule } from './app.module.js';
import { machineUrlOf, type BastionConfig, type BastionSettings } from './config.js';
import { guardBodies } from './http/body-guard.js';
import { ConnectionGuard } from './http/connection-guard.js';
import { ProblemFilter, answerFrameworkError } from './http/problem.filter.js';
import { takeBodiesAsBytes } from './http/text-body.js';
import { FollowerRegistry } from './installs/follower-registry.js';
import { InstallLogBuffer } from './installs/install-log-buffer.js';
import { InstallService } from './installs/install.service.js';
import { InstallStore } from './installs/install.store.js';
import { NestLog, createLog, type BastionLog } from './logger.js';
import { MachineStore } from './machines/machine.store.js';
import { PlanStore } from './machines/plan.store.js';
import { DhcpService } from './dhcp/dhcp.service.js';
import { NetworksStore } from './dhcp/networks.store.js';
import { MachineUrl } from './netboot/machine-url.js';
import { writeFileAtomically } from './storage/atomic-file.js';
import { Damage } from './storage/damage.js';
import { FolderLock } from './storage/folder-lock.js';
import { codeOf, folderError } from './storage/storage-error.js';
import { labdOf } from './uplink/joined-labd.js';
import { Link } from './uplink/link.module.js';
import type { Spools } from './uplink/spools.js';
import { SPOOLS } from './uplink/uplink.module.js';

/** A bastion that serves machines. */
export interface RunningBastion {
  /** Base URL of the machines' side, as they are given it. */
  readonly url: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Answers what is under way, then ends everything. May be called twice. */
  stop(): Promise<void>;
}

export interface Surroundings {
  clock?: Clock;
  log?: BastionLog;
}

/** An idle connection is kept for the next request for so long, in ms. */
const KEEP_ALIVE_MS = 75_000;
/** How often Node looks for headers and requests that are late, in ms. */
const LOOK_EVERY_MS = 5_000;
/** Requests that are still under way are cut after so long, in ms. */
const CLOSE_MS = 5_000;

/** Starts a bastion. Raises `environment` with a hint for what this machine can't do: a port in use, a folder not writable … */
export async function startBastion(
  settings: BastionSettings,
  around: Surroundings = {},
): Promise<RunningBastion> {
  const log = around.log ?? createLog(settings.logLevel);
  const config: BastionConfig = { ...settings, labd: await labdOf(settings, new Damage(log)) };
  // Secrets in it have mode 0600; the folder itself can be entered, for dnsmasq serves a part of it as nobody.
  await mkdir(config.folder, { recursive: true, mode: 0o755 }).catch((error: unknown) => {
    throw folderError(error, config.folder);
  });
  const lock = await FolderLock.take(config.folder);
  const undo: (() => Promise<void>)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      await step().catch((error: unknown) => log.error({ err: error }, 'a part did not end well'));
    }
  };
  try {
    const app = await createApp(config, around.clock ?? systemClock, log);
    undo.push(() => closeFiles(app));
    const link = app.get(Link);
    const dhcp = app.get(DhcpService);
    const port = await listen(app, config);
    undo.push(() => closeServer(app));
    const url = machineUrlOf(config, port);
    app.get(MachineUrl).value = url;
    await dhcp.start(url);
    undo.push(() => dhcp.stop());
    await link.start();
    undo.push(() => link.stop());
    const running = join(config.folder, 'running.json');
    await writeFileAtomically(
      running,
      `${JSON.stringify({ pid: process.pid, url: ownUrl(config, port) })}\n`,
      0o644,
    );
    undo.push(() => rm(running, { force: true }));
    log.info({ url, folder: config.folder, dhcp: dhcp.state, labd: config.labd.url }, 'the bastion is up');
    let stopping: Promise<void> | undefined;
    return { url, port, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Where it answers on this machine, for `labctl bastion status`. */
const ownUrl = ({ host }: BastionConfig, port: number): string =>
  `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;

async function createApp(
  config: BastionConfig,
  clock: Clock,
  log: BastionLog,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    requestTimeout: config.limits.requestMs,
    connectionTimeout: config.limits.stalledMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: {
      // Fastify sets it on the server that is there; Node compares the next one with it before (node: lib/_http_server.js).
      requestTimeout: config.limits.requestMs,
      headersTimeout: Math.min(config.limits.headersMs, config.limits.requestMs),
      connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, config.limits.headersMs),
    },
    routerOptions: { maxParamLength: 1_100 },
    frameworkErrors: answerFrameworkError,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config, clock, log), adapter, {
    bodyParser: false,
    logger: new NestLog(log),
    abortOnError: false,
  });
  const server = adapter.getInstance();
  takeBodiesAsBytes(server);
  guardBodies(server, (token) => app.get(InstallService).mayReport(token));
  app.get(ConnectionGuard).watch(server.server);
  await server.register(fastifyStatic, { serve: false, root: config.folder });
  app.useGlobalFilters(new ProblemFilter(log));
  await app.init();
  return app;
}

async function listen(app: NestFastifyApplication, { port, host }: BastionConfig): Promise<number> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const code = codeOf(error);
    const why =
      code === 'EADDRINUSE'
        ? `Port ${port} of ${host} is in use`
        : code === 'EACCES'
          ? `No permission to listen on port ${port}`
          : code === 'EADDRNOTAVAIL'
            ? `This machine has no address ${host}`
            : `The bastion can't listen on ${host}:${port}`;
    throw new LabError('environment', why, {
      hint: 'Set BASTION_PORT (0 is any free port) and BASTION_HOST.',
      cause: error,
    });
  }
  const address: unknown = app.getHttpServer().address();
  if (
    typeof address === 'object' &&
    address !== null &&
    'port' in address &&
    typeof address.port === 'number'
  ) {
    return address.port;
  }
  throw new LabError('internal', 'the port that the bastion listens on is not known');
}

async function closeServer(app: NestFastifyApplication): Promise<void> {
  app.get(FollowerRegistry).endAll();
  const cut = setTimeout(() => app.getHttpServer().closeAllConnections(), CLOSE_MS);
  await app.close();
  clearTimeout(cut);
}

/** What machines were told is on the disk already; this only leaves the files tidy. */
async function closeFiles(app: NestFastifyApplication): Promise<void> {
  await app.get(InstallLogBuffer).close();
  await app.get(InstallStore).close();
  await app.get(NetworksStore).close();
  await app.get(PlanStore).close();
  await app.get(MachineStore).close();
  const spools = app.get<Spools>(SPOOLS);
  await spools.facts.close();
  await spools.logs.close();
}
