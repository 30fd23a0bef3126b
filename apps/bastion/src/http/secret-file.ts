import { join } from 'node:path';
import { readFileIfThere, writeFileAtomically } from '../storage/atomic-file.js';
import { Damage } from '../storage/damage.js';
import { mintToken } from '../installs/tokens.js';

/** As `mintToken` makes them. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** A random secret that is made once and kept in a file that only the bastion's user may read. */
export async function keptSecret(folder: string, name: string, damage = new Damage()): Promise<string> {
  const path = join(folder, name);
  const kept = (await readFileIfThere(path))?.trim();
  if (kept !== undefined && SECRET.test(kept)) return kept;
  if (kept !== undefined)
    await damage.moveAside(path, `Another one was made: who used it reads ${name} anew.`);
  const secret = mintToken();
  await writeFileAtomically(path, `${secret}\n`, 0o600);
  return secret;
}
