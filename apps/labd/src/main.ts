import { writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { LabError, printable } from '@lab/domain';
import { backup, createDatabase, exportHandover, restore } from '@lab/database';
import { pino, type Logger } from 'pino';
import { readConfig } from './config.js';
import { createLabd } from './create-labd.js';
import { openApiDocument } from './openapi.js';
import { FIRST_ADMIN } from './rbac/seed.repository.js';
import { withDatabase } from './database-of-config.js';
import { startLabd, type RunningLabd } from './start.js';

const USAGE = `labd: the lab's source of truth. It is configured by its environment.

  labd                  run
  labd backup FILE      write all of the database to FILE, while labd runs or not
  labd restore FILE     fill an empty database from FILE, before labd runs on it
  labd handover FILE    write what another labd takes in when this site joins it (labctl bastion join)
  labd openapi [FILE]   print the API description, or write it to FILE
  labd help             this text
`;

/** The program: `arguments_` without node and the script. Sets the exit code. */
export async function main(arguments_: readonly string[]): Promise<void> {
  const [command, file, ...rest] = arguments_;
  try {
    if (command === undefined) await run();
    else if (command === 'backup' && file !== undefined && rest.length === 0) await runBackup(file);
    else if (command === 'restore' && file !== undefined && rest.length === 0) await runRestore(file);
    else if (command === 'handover' && file !== undefined && rest.length === 0) await runHandover(file);
    else if (command === 'openapi' && rest.length === 0) await printOpenApi(file);
    else if (['help', '--help', '-h'].includes(command)) process.stdout.write(USAGE);
    else {
      process.stderr.write(
        `labd: there is no command like that: ${arguments_.map(printable).join(' ')}\n${USAGE}`,
      );
      process.exitCode = 2;
    }
  } catch (error) {
    fail(error);
  }
}

async function run(): Promise<void> {
  const config = readConfig();
  const logger = pino({ level: config.logLevel, base: { program: 'labd' } });
  // Signals count from here on: a start that is interrupted still stops what it has started.
  const stop = signalled();
  const labd = await startLabd(config, logger, (password) => {
    // Neither a log line nor ever shown again: whoever starts labd for the first time reads it here.
    process.stdout.write(`Administrator: ${FIRST_ADMIN}  password: ${password}  (shown only this once)\n`);
  });
  giveBackMemory();
  logger.info({ url: labd.url, docs: `${labd.url}/docs` }, 'labd listens');
  const reason = await Promise.race([stop, labd.broken]);
  const bySignal = reason.startsWith('SIG');
  if (bySignal) logger.info({ signal: reason }, 'labd ends');
  else logger.fatal(reason);
  await closeInTime(labd, logger);
  if (!bySignal) process.exitCode = 1;
}

/** Loading leaves some 40 MB of garbage, which V8 would keep until it needs the room. */
function giveBackMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
  collect({ type: 'major', flavor: 'last-resort' });
}

/** The audit log's key isn't in it: without that key, nobody can tell whether the log is whole. */
async function runBackup(file: string): Promise<void> {
  const config = readConfig();
  const { rows, tables } = await withDatabase(config, (url) => backup(url, file));
  process.stdout.write(`${file}: ${rows} rows of ${tables} tables\nKeep ${config.auditKeyFile} with it.\n`);
}

async function runRestore(file: string): Promise<void> {
  const config = readConfig();
  const { rows, createdAt } = await withDatabase(config, (url) => restore(url, file));
  process.stdout.write(
    `${rows} rows as of ${createdAt}\nPut the audit key of that time at ${config.auditKeyFile}, then start labd.\n`,
  );
}

/** For a program: the header as JSON. */
async function runHandover(file: string): Promise<void> {
  const header = await withDatabase(readConfig(), (url) => exportHandover(url, file));
  process.stdout.write(`${JSON.stringify(header)}\n`);
}

const CLOSE_WITHIN_MS = 15_000;

async function closeInTime(labd: RunningLabd, logger: Logger): Promise<void> {
  const timer = setTimeout(() => {
    logger.fatal('labd could not end in time');
    process.exit(1);
  }, CLOSE_WITHIN_MS);
  await labd.close();
  clearTimeout(timer);
}

/** The first SIGTERM or SIGINT asks for an orderly end; a second one insists. */
function signalled(): Promise<string> {
  return new Promise((resolve) => {
    let seen = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (seen) process.exit(130);
        seen = true;
        resolve(signal);
      });
    }
  });
}

/** Needs neither a database nor a port. */
async function printOpenApi(file: string | undefined): Promise<void> {
  const database = createDatabase({ url: 'postgresql://nobody@127.0.0.1:1/nothing' });
  const app = await createLabd({ database, auditKey: Buffer.alloc(32) });
  const text = `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  await app.close();
  await database.close();
  if (file === undefined) process.stdout.write(text);
  else await writeFile(file, text);
}

function fail(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof LabError) {
    process.stderr.write(
      `labd: ${error.message}\n${error.hint === undefined ? '' : `hint: ${error.hint}\n`}`,
    );
  } else {
    process.stderr.write(
      `labd: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
