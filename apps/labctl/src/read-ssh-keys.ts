import { readFile } from 'node:fs/promises';
import { usageError } from '@lab/cli-kit';
import { LabError, isSshPublicKey } from '@lab/domain';

/** The keys of public key files; blank lines and comments are left out. A private key is refused before it is sent anywhere. */
export async function readSshKeys(paths: readonly string[]): Promise<string[]> {
  const files = await Promise.all(paths.map(readKeyFile));
  return [...new Set(files.flat())];
}

async function readKeyFile(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LabError('environment', `--ssh-key: can't read the file: ${why}`, { cause });
  });
  if (text.includes('PRIVATE KEY')) {
    throw usageError(`--ssh-key: ${path} is a private key`, 'Give the public one, which ends in .pub.');
  }
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const wrong = lines.findIndex((line) => keys.includes(line) && !isSshPublicKey(line));
  if (wrong >= 0) {
    throw usageError(
      `--ssh-key: ${path}, line ${wrong + 1} is not an OpenSSH public key without options`,
      'A line is: type, base64, and a plain comment if you like.',
    );
  }
  if (keys.length === 0) throw usageError(`--ssh-key: there is no key in ${path}`);
  return keys;
}
