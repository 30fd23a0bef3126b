import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What `/etc/os-release` says, as far as it matters here. */
export interface OperatingSystem {
  /** `debian`, `ubuntu`, `fedora` … */
  id: string;
  /** `12`, `24.04` … */
  version: string;
  /** `bookworm`, `noble` … ; empty where there is none. */
  codename: string;
  /** Its own ID and those it says it is like. */
  family: readonly string[];
}

/** Parses os-release(5): shell-like `KEY=value` lines. */
export function parseOsRelease(text: string): OperatingSystem {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim());
    if (match) values.set(match[1] ?? '', match[3] ?? '');
  }
  const id = values.get('ID') ?? 'unknown';
  return {
    id,
    version: values.get('VERSION_ID') ?? '',
    codename: values.get('VERSION_CODENAME') ?? '',
    family: [id, ...(values.get('ID_LIKE') ?? '').split(' ').filter((name) => name !== '')],
  };
}

export async function operatingSystem(): Promise<OperatingSystem> {
  return parseOsRelease(await readFile('/etc/os-release', 'utf8').catch(() => ''));
}

/**
 * The folder for downloaded programs. A tree holds only what this release of this distribution lacks, so each
 * release and architecture has its own; a machine that is upgraded starts with an empty one.
 */
export function cacheFolder(os: OperatingSystem): string {
  return join(
    cacheHome(),
    'lab-programs',
    [os.id, os.version, process.arch].filter((part) => part !== '').join('-'),
  );
}

/** Where this user's caches are: the XDG base directory specification. */
export function cacheHome(): string {
  const fromEnvironment = process.env['XDG_CACHE_HOME'];
  return fromEnvironment !== undefined && fromEnvironment.startsWith('/')
    ? fromEnvironment
    : join(homedir(), '.cache');
}
