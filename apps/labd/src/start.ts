import { readFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, systemClock } from '@lab/domain';
import { createDatabase, migrate, startEmbeddedPostgres } from '@lab/database';
import type { Logger } from 'pino';
import { readAuditKey } from './audit/audit-key.js';
import { PasswordHasher } from './auth/password-hasher.js';
import type { Config } from './config.js';
import { createLabd } from './create-labd.js';
import { refuseHandedOver } from './handed-over.js';
import { seed } from './rbac/seed.repository.js';
import { codeOf, reasonOf } from './system-error.js';

/** A labd that listens. */
export interface RunningLabd {
  url: string;
  /** Resolves with the reason when it can't go on, the embedded database having ended. */
  broken: Promise<string>;
  /** Ends streams and links, finishes what runs, stops the embedded database. */
  close(): Promise<void>;
}

/**
 * Opens everything in order and listens. What was opened is closed again when a later step fails. A password that was made
 * up for the first administrator is shown as soon as it counts, whatever fails after that; it is kept nowhere.
 */
export async function startLabd(
  config: Config,
  logger: Logger,
  showFirstPassword: (password: string) => void,
): Promise<RunningLabd> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    await makeDataDir(config.dataDir);
    await refuseHandedOver(config.dataDir);
    const tls = config.tls === undefined ? undefined : await readTls(config.tls);
    const chosenPassword =
      config.adminPasswordFile === undefined ? undefined : await readPassword(config.adminPasswordFile);
    const auditKey = await readAuditKey(config.auditKeyFile);

    let url = config.databaseUrl;
    let broken = new Promise<string>(() => undefined);
    if (url === undefined) {
      const postgres = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres') });
      closing.push(() => postgres.stop());
      broken = postgres.exited.then(() => 'the embedded database has ended');
      url = postgres.url;
    }
    const { applied } = await migrate({ url });
    if (applied.length > 0) logger.info({ applied }, 'the database was migrated');
    const database = createDatabase({ url, applicationName: 'labd' });
    closing.push(() => database.close());
    const firstPassword = await seed(database, new PasswordHasher(), auditKey, systemClock, chosenPassword);
    if (firstPassword !== undefined) showFirstPassword(firstPassword);

    const app = await createLabd({
      database,
      auditKey,
      logger,
      settings: config.settings,
      ...(tls !== undefined && { tls }),
    });
    closing.push(() => app.close());
    await listen(() => app.listen(config.port, config.host), config);
    return { url: await app.getUrl(), broken, close };
  } catch (error) {
    await close().catch((err: unknown) => {
      logger.debug({ err }, 'could not close everything after a failed start');
    });
    throw error;
  }
}

export async function makeDataDir(dataDir: string): Promise<void> {
  try {
    // Others may pass through, for the embedded database runs as another user when we are root; nothing can be listed.
    await mkdir(dataDir, { recursive: true, mode: 0o711 });
  } catch (cause) {
    throw new LabError('environment', `the data folder ${dataDir} can't be made: ${reasonOf(cause)}`, {
      hint: 'Name a folder that you may write to in LABD_DATA_DIR or LAB_HOME.',
      cause,
    });
  }
}

async function listen(start: () => Promise<unknown>, { host, port }: Config): Promise<void> {
  try {
    await start();
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'EADDRINUSE') {
      throw new LabError('environment', `port ${port} on ${host} is in use`, {
        hint: 'Stop the other program, or choose another port in LABD_PORT (0: any free one).',
        cause,
      });
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new LabError('environment', `labd can't listen on ${host}:${port}: ${reasonOf(cause)}`, {
        hint: 'Choose an address of this machine in LABD_HOST and a port over 1023 in LABD_PORT.',
        cause,
      });
    }
    throw cause;
  }
}

async function readTls(files: NonNullable<Config['tls']>): Promise<{ cert: Buffer; key: Buffer }> {
  const [cert, key] = await Promise.all([
    readNamed(files.certFile, 'LABD_TLS_CERT_FILE'),
    readNamed(files.keyFile, 'LABD_TLS_KEY_FILE'),
  ]);
  return { cert, key };
}

async function readPassword(file: string): Promise<string> {
  const line = (await readNamed(file, 'LABD_ADMIN_PASSWORD_FILE')).toString('utf8').split(/\r?\n/)[0] ?? '';
  if (line.length >= 8 && line.length <= 1024) return line;
  throw new LabError(
    'environment',
    `LABD_ADMIN_PASSWORD_FILE: the password in ${file} is not of 8 to 1024 characters`,
    {
      hint: 'Write a longer one in its first line.',
    },
  );
}

async function readNamed(file: string, variable: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new LabError('environment', `${variable}: ${file} can't be read: ${reasonOf(cause)}`, {
      hint: `Name a readable file in ${variable}, or unset it.`,
      cause,
    });
  }
}
