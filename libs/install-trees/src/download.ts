import { createHash, type Hash } from 'node:crypto';
import {
  mkdir,
  open as openFile,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError, printable } from '@lab/domain';
import { digestOf, feed, type Checksum } from './checksum.js';
import { open, unreachable, Unreachable, type Answer, type Patience } from './http-client.js';

/** What every download of one pull has in common. */
export interface DownloadContext {
  patience: Patience;
  /** Pauses between tries, in ms; their number is the number of tries after the first. */
  retryMs: readonly number[];
  signal: AbortSignal;
  /** Bytes that came, or were there already; negative if they have to come again. */
  onBytes: (bytes: number) => void;
}

export interface Wanted {
  url: URL;
  /** Where it is put, once it is whole. */
  file: string;
  /** If the source states it. */
  size?: number | undefined;
  checksum?: Checksum | undefined;
  /** What is taken where no size is stated. */
  maxBytes: number;
}

/** Of a file so large the validator is kept, so that it can go on where it stopped. */
const WORTH_RESUMING = 1 << 20;

/**
 * Brings one file: whole, of the stated length and checksum, or not at all. What has come of it waits in `FILE.part`. Raises
 * `not-found`, `invalid` (it isn't what it should be), `environment` or `timed-out`.
 */
export async function download(wanted: Wanted, context: DownloadContext): Promise<void> {
  await mkdir(dirname(wanted.file), { recursive: true });
  if (await isDone(wanted, context)) return;
  let pauses = 0;
  let damaged = false;
  for (;;) {
    try {
      await attempt(wanted, context);
      return;
    } catch (error) {
      if (context.signal.aborted) throw error;
      if (error instanceof Resumed && !damaged) {
        // What was there from before may be of another version of the file: once more, all of it.
        damaged = true;
        await rm(partOf(wanted.file), { force: true });
        continue;
      }
      const pause = context.retryMs[pauses++];
      if (!(error instanceof Unreachable) || pause === undefined) throw error;
      await delay(pause, undefined, { signal: context.signal });
    }
  }
}

/** A file that an earlier pull has brought counts only with its checksum; one without is asked for again. */
async function isDone(
  { file, checksum, size }: Wanted,
  { onBytes, signal }: DownloadContext,
): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || checksum === undefined) return false;
  if (size !== undefined && size !== found.size) return false;
  if ((await digestOf(file, checksum.algorithm, signal)) !== checksum.value) return false;
  onBytes(found.size);
  return true;
}

/** A checksum that doesn't match after a download that went on. */
class Resumed extends LabError {}

const partOf = (file: string): string => `${file}.part`;
const validatorOf = (file: string): string => `${file}.part.etag`;

async function attempt(wanted: Wanted, context: DownloadContext): Promise<void> {
  const part = partOf(wanted.file);
  const there = (await stat(part).catch(() => undefined))?.size ?? 0;
  const validator = await readFile(validatorOf(wanted.file), 'utf8').catch(() => undefined);
  const known = wanted.checksum !== undefined || validator !== undefined;
  const from = known && there > 0 && there < (wanted.size ?? Infinity) ? there : 0;
  const headers: Record<string, string> = {
    ...(from > 0 && { range: `bytes=${from}-` }),
    ...(from > 0 && validator !== undefined && { 'if-range': validator }),
  };
  const answer = await open(wanted.url, headers, context.patience, context.signal);
  try {
    const start = startOf(answer, from);
    const total = totalOf(answer, start, wanted);
    await keepValidator(wanted.file, answer, total);
    await receive(wanted, answer, start, total, context);
  } finally {
    answer.message.destroy();
  }
}

/** Where the body begins. Raises what the status means. */
function startOf({ url, status, message }: Answer, from: number): number {
  if (status === 206 && from > 0) {
    const range = /^bytes (\d+)-/.exec(message.headers['content-range'] ?? '')?.[1];
    if (Number(range) === from) return from;
    throw new LabError('invalid', `${url.href} answers with another part of the file than it was asked for`, {
      hint: 'The server is broken: take another mirror with --from.',
    });
  }
  if (status === 200) {
    if (/^(text\/html|application\/xhtml)/i.test(message.headers['content-type'] ?? '')) throw isPage(url);
    return 0;
  }
  if (status === 404 || status === 410) {
    throw new LabError('not-found', `${url.href} is not there (HTTP ${status})`, {
      hint: 'Check the address: it has to be that of an install tree. A mirror may also be incomplete: take another one with --from.',
    });
  }
  const hint = 'Try again later, or take another mirror with --from.';
  const text = `${url.href} answers with HTTP ${status} ${printable(message.statusMessage ?? '')}`.trimEnd();
  // 416: what is there is longer than the file.
  if (status === 416) throw new Resumed('invalid', text, { hint });
  if (status === 408 || status === 429 || status >= 500) throw new Unreachable('environment', text, { hint });
  throw new LabError('invalid', text, { hint: 'Check the address, and whether the mirror wants a login.' });
}

function totalOf({ url, message }: Answer, start: number, { size, maxBytes }: Wanted): number | undefined {
  const length = message.headers['content-length'];
  const total = length === undefined ? size : start + Number(length);
  if (size !== undefined && total !== size) throw wrongLength(url, total, size);
  if (total !== undefined && total > maxBytes) throw tooLarge(url, maxBytes);
  return total;
}

async function keepValidator(file: string, { message }: Answer, total: number | undefined): Promise<void> {
  const { etag } = message.headers;
  const lastModified = message.headers['last-modified'];
  // RFC 9110 §13.1.5: If-Range takes only a strong ETag.
  const validator = etag !== undefined && !etag.startsWith('W/') ? etag : lastModified;
  if (validator === undefined || (total ?? Infinity) < WORTH_RESUMING)
    await rm(validatorOf(file), { force: true });
  else await writeFile(validatorOf(file), validator);
}

async function receive(
  wanted: Wanted,
  answer: Answer,
  start: number,
  total: number | undefined,
  { onBytes, signal }: DownloadContext,
): Promise<void> {
  const part = partOf(wanted.file);
  const hash = createHash(wanted.checksum?.algorithm ?? 'sha256');
  if (start > 0) await feed(hash, part, signal);
  const handle = await openFile(part, start > 0 ? 'r+' : 'w+', 0o644);
  let counted = 0;
  const count = (bytes: number): void => {
    counted += bytes;
    onBytes(bytes);
  };
  try {
    count(start);
    const size = await written(handle, hash, wanted, answer, start, count);
    if (total !== undefined && size !== total) throw wrongLength(answer.url, size, total);
    await requireChecksum(wanted, hash, answer.url, { handle, resumed: start > 0 });
    await handle.datasync();
  } catch (error) {
    onBytes(-counted);
    throw error;
  } finally {
    await handle.close();
  }
  await rename(part, wanted.file);
  await rm(validatorOf(wanted.file), { force: true });
}

async function written(
  handle: FileHandle,
  hash: Hash,
  { maxBytes, size }: Wanted,
  { url, message }: Answer,
  start: number,
  count: (bytes: number) => void,
): Promise<number> {
  let at = start;
  const most = size ?? maxBytes;
  const chunks = message[Symbol.asyncIterator]();
  for (;;) {
    // Only what the server does is an error of the server's.
    const next = await chunks.next().catch((error: unknown) => {
      throw unreachable(url, error);
    });
    if (next.done === true) return at;
    const chunk = next.value as Buffer;
    if (at + chunk.length > most) throw tooLarge(url, most);
    for (let done = 0; done < chunk.length;) {
      done += (await handle.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
    }
    hash.update(chunk);
    at += chunk.length;
    count(chunk.length);
  }
}

async function requireChecksum(
  { checksum, file }: Wanted,
  hash: Hash,
  url: URL,
  { handle, resumed }: { handle: FileHandle; resumed: boolean },
): Promise<void> {
  if (checksum === undefined) return;
  const found = hash.digest('hex');
  if (found === checksum.value) return;
  const start = (await handle.read(Buffer.alloc(256), 0, 256, 0)).buffer.toString('latin1');
  await rm(partOf(file), { force: true });
  if (!resumed && /^\s*<(!doctype html|html)/i.test(start)) throw isPage(url);
  const Failure = resumed ? Resumed : LabError;
  throw new Failure(
    'invalid',
    `${url.href} has another checksum than the tree states: ${found} instead of ${checksum.value} (${checksum.algorithm})`,
    {
      hint: 'The mirror is damaged, or in the middle of an update: try again later, or take another one with --from.',
    },
  );
}

const isPage = (url: URL): LabError =>
  new LabError('invalid', `${url.href} is a web page, not the file`, {
    hint: 'A login page of the network, or a mirror that answers so for what it lacks: check the address in a browser.',
  });

const wrongLength = (url: URL, found: number | undefined, wanted: number): LabError =>
  new LabError('invalid', `${url.href} has ${found ?? 'unknown'} bytes, and should have ${wanted}`, {
    hint: 'The mirror is damaged, or in the middle of an update: try again later, or take another one with --from.',
  });

const tooLarge = (url: URL, most: number): LabError =>
  new LabError('invalid', `${url.href} is larger than the ${most} bytes that it may have`, {
    hint: 'The server sends something else than the file: take another mirror with --from.',
  });
