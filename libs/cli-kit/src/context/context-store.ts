import { chmod, mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LabError } from '@lab/domain';
import type { CliEnvironment } from '../config.js';
import { ContextFile } from './context-file.js';
import { withFileLock } from './file-lock.js';

/** Where the contexts file is: `LABCTL_CONFIG`, else the XDG configuration folder, else `~/.config`. */
export function contextFilePath(environment: CliEnvironment): string {
  if (environment.configFile !== undefined) return resolve(environment.configFile);
  const base =
    environment.configHome ??
    (environment.home === undefined ? undefined : join(environment.home, '.config'));
  if (base === undefined) {
    throw new LabError('environment', 'HOME is not set, so there is no place for the contexts file', {
      hint: 'Set HOME or XDG_CONFIG_HOME, or LABCTL_CONFIG to a file.',
    });
  }
  return join(base, 'labctl', 'config.yaml');
}

/** What the file sets. One that can't be read sets nothing: whoever needs more of it says what is wrong. */
export async function fileSettings(environment: CliEnvironment): Promise<ReadonlyMap<string, string>> {
  try {
    const path = contextFilePath(environment);
    const text = await readFile(path, 'utf8');
    return /^settings:/m.test(text) ? ContextFile.parse(text, path).settings() : new Map();
  } catch {
    return new Map();
  }
}

/** The contexts file on disk: mode 0600, replaced atomically, changed under a lock. */
export class ContextStore {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** The file as it is now; an empty one if there is none. Raises `environment` if it can't be read. */
  async read(): Promise<ContextFile> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if (isCode(error, 'ENOENT')) return ContextFile.empty();
      throw inaccessible(this.path, 'read', error);
    }
    return ContextFile.parse(text, this.path);
  }

  /** Changes the file: `change` gets what is on disk under the lock, and says whether what it made of it is to be written. */
  async update(change: (file: ContextFile) => boolean | Promise<boolean>): Promise<ContextFile> {
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      return await withFileLock(`${this.path}.lock`, async () => {
        const file = await this.read();
        if (await change(file)) await this.#replace(file.toString());
        return file;
      });
    } catch (error) {
      throw error instanceof LabError ? error : inaccessible(this.path, 'write', error);
    }
  }

  async #replace(text: string): Promise<void> {
    // A link (a folder of dot files, say) stays one.
    const target = await realpath(this.path).catch(() => this.path);
    const fresh = `${target}.${crypto.randomUUID()}`;
    try {
      const file = await open(fresh, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await chmod(fresh, 0o600);
      await rename(fresh, target);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }
}

function inaccessible(path: string, verb: 'read' | 'write', error: unknown): LabError {
  // Node's message ends with the call and the path, which is told already.
  const why = String(error)
    .replace(/^Error: /, '')
    .replace(/, \w+ '.*$/, '');
  return new LabError('environment', `${path}: can't ${verb} it: ${why}`, {
    hint: 'Look at the permissions of the file and its folder, or set LABCTL_CONFIG to another file.',
    cause: error,
  });
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
