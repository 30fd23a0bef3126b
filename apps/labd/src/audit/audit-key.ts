import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError } from '@lab/domain';
import { codeOf, reasonOf } from '../system-error.js';

/**
 * The HMAC key of the audit log: 32 bytes in hex, in a file of mode 0600 that is made at the first start. Raises
 * `environment` when the file can't be made, can't be read or isn't a key.
 */
export async function readAuditKey(file: string): Promise<Buffer> {
  const existing = await readIfThere(file);
  if (existing !== undefined) return existing;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o711 }); // the embedded database, beside it, runs as another user
    // `wx`: of two programs that start at once, one makes the key and the other reads it.
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(`${randomBytes(32).toString('hex')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') {
      throw new LabError('environment', `the audit key can't be written to ${file}: ${reasonOf(cause)}`, {
        hint: 'Make its folder writable, or name another file in LABD_AUDIT_KEY_FILE.',
        cause,
      });
    }
  }
  const made = await readIfThere(file);
  if (made === undefined) throw new LabError('environment', `the audit key ${file} went away`);
  return made;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new LabError('environment', `the audit key ${file} can't be read: ${reasonOf(cause)}`, {
      hint: 'Let the user that runs labd read it, or name another file in LABD_AUDIT_KEY_FILE.',
      cause,
    });
  }
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex');
  throw new LabError('environment', `${file} is not an audit key`, {
    hint: 'It holds 64 hexadecimal digits. Restore it from a backup; with another key the log no longer verifies.',
  });
}
