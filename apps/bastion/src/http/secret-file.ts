import { join } from 'node:path';
import { readFileIfThere, writeFileAtomically } from '../storage/atomic-file.js';
import { mintToken } from '../installs/tokens.js';

/** A random secret that is made once and kept in a file that only the bastion's user may read. */
export async function keptSecret(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const kept = (await readFileIfThere(path))?.trim();
  if (kept !== undefined && kept.length >= 32) return kept;
  const secret = mintToken();
  await writeFileAtomically(path, `${secret}\n`, 0o600);
  return secret;
}
