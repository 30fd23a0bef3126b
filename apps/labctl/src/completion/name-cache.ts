import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { textAt } from '@lab/cli-kit';
import type { CliEnvironment, LabClient } from '@lab/cli-kit';

const FRESH_MS = 15_000;
const MOST_NAMES = 1_000;

/** Names of resources, asked once in a quarter of a minute: who presses Tab once presses it twice. */
export class NameCache {
  constructor(private readonly environment: CliEnvironment) {}

  async names(client: LabClient, plural: string): Promise<readonly string[]> {
    const path = this.#path(client.server, plural);
    const cached = path === undefined ? undefined : await read(path);
    if (cached !== undefined) return cached;
    const names: string[] = [];
    for await (const page of client.pages(plural, { fields: 'metadata.name', limit: MOST_NAMES })) {
      names.push(...page.flatMap((item) => textAt(item, 'metadata.name') ?? []));
      break;
    }
    if (path !== undefined) await keep(path, names);
    return names;
  }

  #path(server: string, plural: string): string | undefined {
    const { cacheHome, home } = this.environment;
    const base = cacheHome ?? (home === undefined ? undefined : join(home, '.cache'));
    const file = `names-${server.replace(/[^a-z0-9.-]+/gi, '_').slice(0, 180)}-${plural}.json`;
    return base === undefined ? undefined : join(base, 'labctl', file);
  }
}

async function read(path: string): Promise<readonly string[] | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as { at: number; names: string[] };
    const age = Date.now() - value.at;
    return age >= 0 && age < FRESH_MS && Array.isArray(value.names) ? value.names.map(String) : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that can't be written only costs time. */
async function keep(path: string, names: readonly string[]): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const fresh = `${path}.${crypto.randomUUID()}`;
    await writeFile(fresh, JSON.stringify({ at: Date.now(), names }), { mode: 0o600 });
    await rename(fresh, path);
  } catch {
    // Told in the comment above.
  }
}
