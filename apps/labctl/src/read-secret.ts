import { open } from 'node:fs/promises';
import { LabError } from '@lab/domain';
import { usageError } from '@lab/cli-kit';

const MOST_BYTES = 4096;

/** A secret from a file, or from stdin for `-`, without its final line feed. Raises a usage error, or `environment` for a file that can't be read. */
export async function readSecret(path: string, flag: string): Promise<string> {
  const secret = (path === '-' ? await fromStdin(flag) : await fromFile(path, flag)).replace(/\r?\n$/, '');
  if (secret === '') throw usageError(`${flag}: what it names is empty`);
  return secret;
}

async function fromStdin(flag: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw tooLong(flag);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fromFile(path: string, flag: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1);
      if (bytesRead > MOST_BYTES) throw tooLong(flag);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new LabError('environment', `${flag}: can't read the file: ${why}`, { cause: error });
  }
}

const tooLong = (flag: string): Error =>
  usageError(`${flag}: a password is at most ${MOST_BYTES} bytes long`);
