import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RESOURCE_KINDS } from '@lab/domain';
import type { Clock, PrintColumn, PrintedKind } from '@lab/domain';
import type { CliEnvironment } from '../config.js';

const FRESH_MS = 10 * 60_000;
const MOST_KINDS = 200;

export const BUNDLED_KINDS: readonly PrintedKind[] = RESOURCE_KINDS;

/** Where labd's catalog is kept; undefined if there is no place for it. */
export function catalogCachePath(environment: CliEnvironment, server: string): string | undefined {
  const base =
    environment.cacheHome ?? (environment.home === undefined ? undefined : join(environment.home, '.cache'));
  if (base === undefined) return undefined;
  return join(base, 'labctl', `kinds-${server.replace(/[^a-z0-9.-]+/gi, '_').slice(0, 200)}.json`);
}

/** The resource kinds of a labd: asked once in ten minutes, else from the cache. */
export class Catalog {
  readonly #path: string | undefined;
  readonly #fetch: () => Promise<unknown>;
  readonly #clock: Clock;
  #asked: readonly PrintedKind[] | undefined;

  constructor(path: string | undefined, fetch: () => Promise<unknown>, clock: Clock) {
    this.#path = path;
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /**
   * What is cached and fresh, else what labd says; it is asked at most once. Raises what the fetch raises. `anew` ignores the cache.
   * A labd that doesn't serve a catalog that can be read leaves us with the bundled one.
   */
  async kinds(options: { anew: boolean } = { anew: false }): Promise<readonly PrintedKind[]> {
    const cached = options.anew ? undefined : await this.#cached();
    if (cached !== undefined) return cached;
    if (this.#asked !== undefined) return this.#asked;
    const kinds = parseKinds(await this.#fetch());
    this.#asked = kinds ?? BUNDLED_KINDS;
    if (kinds !== undefined) await this.#keep(kinds);
    return this.#asked;
  }

  async #cached(): Promise<readonly PrintedKind[] | undefined> {
    if (this.#path === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(await readFile(this.#path, 'utf8'));
      if (!isRecord(value) || typeof value['fetchedAt'] !== 'number') return undefined;
      const age = this.#clock.now() - value['fetchedAt'];
      return age >= 0 && age < FRESH_MS ? parseKinds(value) : undefined;
    } catch {
      // No cache, or one that another version wrote: labd knows.
      return undefined;
    }
  }

  /** A cache that can't be written only costs time. */
  async #keep(kinds: readonly PrintedKind[]): Promise<void> {
    if (this.#path === undefined) return;
    const fresh = `${this.#path}.${crypto.randomUUID()}`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      await writeFile(fresh, JSON.stringify({ fetchedAt: this.#clock.now(), items: kinds }), { mode: 0o600 });
      await rename(fresh, this.#path);
    } catch {
      await rm(fresh, { force: true }).catch(() => undefined);
    }
  }
}

/** The catalog in labd's answer, what is malformed left out; undefined if it holds no kind at all. */
export function parseKinds(answer: unknown): readonly PrintedKind[] | undefined {
  if (!isRecord(answer) || !Array.isArray(answer['items'])) return undefined;
  const kinds = answer['items'].slice(0, MOST_KINDS).flatMap((item: unknown) => {
    if (!isRecord(item)) return [];
    const { kind, singular, plural, aliases, verbs, columns } = item;
    if (!isName(singular) || !isName(plural) || typeof kind !== 'string' || !Array.isArray(columns))
      return [];
    return [
      {
        kind,
        singular,
        plural,
        aliases: Array.isArray(aliases) ? aliases.filter(isName) : [],
        verbs: Array.isArray(verbs) ? verbs.filter((verb): verb is string => typeof verb === 'string') : [],
        columns: columns.flatMap(parseColumn),
      },
    ];
  });
  return kinds.length === 0 ? undefined : kinds;
}

function parseColumn(value: unknown): PrintColumn[] {
  if (!isRecord(value)) return [];
  const { heading, path, wide, conditions } = value;
  if (typeof heading !== 'string' || typeof path !== 'string') return [];
  return [
    {
      heading,
      path,
      ...(wide === true && { wide }),
      ...(typeof conditions === 'string' && { conditions }),
    },
  ];
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z][a-z0-9-]{0,62}$/.test(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
