import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { LabError, printable } from '@lab/domain';

/** Names that productmd and createrepo_c write, by Node's name of the same. Weak ones still tell a damaged file. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  ...{ md5: 'md5', sha: 'sha1', sha1: 'sha1', sha224: 'sha224' },
  ...{ sha256: 'sha256', sha384: 'sha384', sha512: 'sha512' },
};

export interface Checksum {
  /** As Node's crypto has it. */
  algorithm: string;
  /** Hexadecimal, lower case. */
  value: string;
}

/** A checksum of a tree's metadata; raises `invalid` for one that nobody can check. */
export function checksum(name: string, value: string, where: string): Checksum {
  const algorithm = ALGORITHMS[name.toLowerCase()];
  const hex = value.trim().toLowerCase();
  if (algorithm !== undefined && hex.length === createHash(algorithm).digest('hex').length && isHex(hex)) {
    return { algorithm, value: hex };
  }
  throw new LabError(
    'invalid',
    `${where} has a checksum that can't be checked: ${printable(`${name}:${value}`)}`,
    { hint: `Known are ${Object.keys(ALGORITHMS).join(', ')}.` },
  );
}

const isHex = (text: string): boolean => /^[0-9a-f]+$/.test(text);

/** Takes in what a file already holds. */
export async function feed(hash: Hash, file: string, signal?: AbortSignal): Promise<Hash> {
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, ...(signal && { signal }) })) {
    hash.update(chunk as Buffer);
  }
  return hash;
}

/** The digest of a file. */
export const digestOf = async (file: string, algorithm: string, signal?: AbortSignal): Promise<string> =>
  (await feed(createHash(algorithm), file, signal)).digest('hex');
