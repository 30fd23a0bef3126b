import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { createGunzip, createGzip } from 'node:zlib';
import { LabError, printable } from '@lab/domain';

const FORMAT = 1;

/** The first line of a back-up. */
export interface BackupHeader {
  /** RFC 3339. */
  createdAt: string;
  /** Names of the migrations that the database had. */
  migrations: string[];
}

/** A part of a table, its rows as JSON text: nothing here understands them. */
export interface BackupChunk {
  table: string;
  rows: string;
}

export interface BackupSummary {
  createdAt: string;
  tables: number;
  rows: number;
}

/** Fails with LabError `exists` if the file is there, `environment` if it can't be written. Half a file is never left. */
export async function writeBackupFile(
  path: string,
  header: BackupHeader,
  chunks: AsyncIterable<BackupChunk & { count: number }>,
): Promise<BackupSummary> {
  const partial = `${path}.partial`;
  await requireWritable(path);
  const summary: BackupSummary = { createdAt: header.createdAt, tables: 0, rows: 0 };
  async function* lines(): AsyncGenerator<string> {
    yield `${JSON.stringify({ 'lab-backup': FORMAT, ...header })}\n`;
    const tables = new Set<string>();
    for await (const { table, rows, count } of chunks) {
      tables.add(table);
      summary.rows += count;
      yield `{"table":${JSON.stringify(table)},"rows":${rows}}\n`;
    }
    summary.tables = tables.size;
    yield `${JSON.stringify({ end: { rows: summary.rows } })}\n`;
  }
  try {
    const file = createWriteStream(partial, { mode: 0o600, flush: true });
    await pipeline(Readable.from(lines()), createGzip(), file);
    await rename(partial, path);
    return summary;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Says now that the name is taken, not after an hour of copying. */
async function requireWritable(path: string): Promise<void> {
  try {
    const probe = await open(path, 'wx', 0o600);
    await probe.close();
    await rm(path);
  } catch (cause) {
    const code = (cause as { code?: unknown }).code;
    if (code === 'EEXIST') {
      throw new LabError('exists', `${path} exists already`, {
        hint: 'Name another file; back-ups are never overwritten.',
      });
    }
    throw new LabError('environment', `${path} can't be written (${String(code)})`, {
      hint: 'Name a file in a folder that you may write to.',
      cause,
    });
  }
}

/** A back-up that is read line by line; `chunks` raises LabError `invalid` if it is damaged or cut short. */
export interface OpenBackup {
  header: BackupHeader;
  chunks: AsyncIterable<BackupChunk>;
}

export async function readBackupFile(path: string): Promise<OpenBackup> {
  const source = createReadStream(path);
  const unzipped = createGunzip();
  const failed = pipeline(source, unzipped).then(
    () => undefined,
    (error: unknown) => error,
  );
  const reader = createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY });
  const lines = reader[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const { done, value } = await lines.next().catch(() => ({ done: true, value: undefined }));
    if (done === true || value === undefined) {
      const error = await failed;
      if (error !== undefined) throw damaged(path, error);
      return undefined;
    }
    return value;
  };
  const first = await next().catch((error: unknown) => {
    throw error instanceof LabError && error.code === 'invalid' ? notBackup(path) : error;
  });
  return { header: headerOf(path, first), chunks: chunksOf(path, next) };
}

async function* chunksOf(path: string, next: () => Promise<string | undefined>): AsyncGenerator<BackupChunk> {
  for (;;) {
    const line = await next();
    if (line === undefined) throw damaged(path, 'its end is missing');
    if (line.startsWith('{"end":')) return;
    // Not parsed: numbers of JSON may be larger than ours.
    const [, table, rows] = /^\{"table":"([a-z_]+)","rows":(\[.*\])\}$/s.exec(line) ?? [];
    if (table === undefined || rows === undefined) throw damaged(path, 'a line is not what it should be');
    yield { table, rows };
  }
}

function headerOf(path: string, line: string | undefined): BackupHeader {
  const { 'lab-backup': format, createdAt, migrations } = objectIn(line);
  const isHeader = typeof createdAt === 'string' && Array.isArray(migrations);
  if (format === FORMAT && isHeader) return { createdAt, migrations: migrations.map(String) };
  throw notBackup(path);
}

function objectIn(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const notBackup = (path: string): LabError =>
  new LabError('invalid', `${path} is not a back-up of labd`, {
    hint: 'Name a file that `labd backup FILE` has written.',
  });

function damaged(path: string, why: unknown): LabError {
  const code = (why as { code?: unknown } | null)?.code;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    return new LabError('environment', `${path} can't be read (${code})`, { hint: 'Name a readable file.' });
  }
  if (code === 'Z_DATA_ERROR' && String(why).includes('incorrect header')) {
    return notBackup(path);
  }
  const reason = why instanceof Error ? why.message : String(why);
  return new LabError('invalid', `the back-up ${path} is damaged: ${printable(reason)}`, {
    hint: 'Nothing was restored. Take another back-up.',
  });
}
