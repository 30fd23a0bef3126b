import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { pipeline, type Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { LabError } from '@lab/domain';

/** What may come out of one file: Fedora's Everything has a primary.xml of some 300 MB. A bomb is cut here. */
const MAX_OPEN_BYTES = 4 * 2 ** 30;

/**
 * The content of a file of metadata, whatever it is packed with: createrepo_c packs with zstd since 1.0 (Fedora), with gzip in the
 * RHEL family, and older ones with xz. gzip and zstd are Node's, xz is the program.
 */
export async function* opened(file: string, where: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of streamOf(file)) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_OPEN_BYTES) throw new Error(`it unpacks to more than ${MAX_OPEN_BYTES} bytes`);
      yield chunk as Buffer;
    }
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError(
      'invalid',
      `${where} can't be unpacked: ${error instanceof Error ? error.message : ''}`,
      {
        hint: 'The file is damaged, or cut off: verify names what is wrong, pull brings it again.',
        cause: error,
      },
    );
  }
}

function streamOf(file: string): Readable {
  const packed = createReadStream(file, { highWaterMark: 1 << 18 });
  const through = (open: Transform): Readable => pipeline(packed, open, () => undefined);
  if (file.endsWith('.gz')) return through(zlib.createGunzip());
  if (file.endsWith('.zst')) {
    // Node has it since 22.15 and 23.8.
    if (typeof zlib.createZstdDecompress !== 'function') {
      throw new LabError('environment', `This Node (${process.version}) can't unpack zstd`, {
        hint: 'Use Node 24 or newer.',
      });
    }
    return through(zlib.createZstdDecompress());
  }
  if (file.endsWith('.xz')) {
    packed.destroy();
    return byProgram('xz', ['--decompress', '--stdout', '--memlimit-decompress=256MiB', '--', file]);
  }
  if (file.endsWith('.xml')) return packed;
  packed.destroy();
  throw new LabError('invalid', `${file} is packed in a way that isn't known`, {
    hint: 'Known are .gz, .zst and .xz.',
  });
}

function byProgram(program: string, args: readonly string[]): Readable {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  child.once('error', (cause) => {
    child.stdout.destroy(
      new LabError('environment', `The program ${program} can't be run`, {
        hint: `Install it (Debian: apt-get install ${program}-utils).`,
        cause,
      }),
    );
  });
  child.stdout.once('close', () => child.kill());
  child.once('close', (code) => {
    if (code !== 0 && !child.stdout.readableEnded) child.stdout.destroy(new Error(`${program} says no`));
  });
  return child.stdout;
}
