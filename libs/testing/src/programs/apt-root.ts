import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { run } from './run.js';

/**
 * Which packages come along with those asked for: `missing` = dependencies that this machine lacks, `all` = every
 * dependency down to libc (a root file system), `none` = only themselves.
 */
export type Closure = 'missing' | 'all' | 'none';

const LISTS_GOOD_FOR_MS = 24 * 60 * 60 * 1000;

/** Which release's packages: the machine's own sources, or a newer release from the same mirror. */
export type Release = 'machine' | 'trixie';

/** The newest Debian release that a machine on an older one can take architecture-independent packages from. */
export function newerRelease(os: { id: string; codename: string }): 'trixie' | undefined {
  return os.id === 'debian' && ['bullseye', 'bookworm'].includes(os.codename) ? 'trixie' : undefined;
}

/**
 * An apt of our own: private state and cache folders, the machine's configured sources and keys. It needs no root
 * and changes nothing outside `folder`. Callers hold the cache's lock: apt's own locking is off, since a part of it
 * needs root.
 */
export class AptRoot {
  constructor(
    private readonly folder: string,
    private readonly release: Release,
  ) {}

  /** Puts the packages' `.deb` files, by the closure, into `into`. */
  async download(packages: readonly string[], closure: Closure, into: string): Promise<void> {
    await this.refresh(LISTS_GOOD_FOR_MS);
    try {
      await this.fetch(packages, closure, into);
    } catch (first) {
      // A mirror drops a superseded version soon after the lists changed: new lists, and once more.
      await this.refresh(60_000);
      await this.fetch(packages, closure, into).catch(() => {
        throw first;
      });
    }
  }

  private async fetch(packages: readonly string[], closure: Closure, into: string): Promise<void> {
    await mkdir(join(into, 'partial'), { recursive: true });
    if (closure === 'none') {
      await run('apt-get', [...this.options(), 'download', ...packages], { cwd: into });
      return;
    }
    const emptyStatus = join(this.folder, 'empty-status');
    if (closure === 'all') await writeFile(emptyStatus, '');
    await run('apt-get', [
      ...this.options(),
      ...(closure === 'all' ? ['-o', `Dir::State::status=${emptyStatus}`] : []),
      ...['-o', `Dir::Cache::archives=${into}`, '-o', 'Debug::NoLocking=1'],
      ...['install', '--download-only', '--no-install-recommends', '--yes', '-qq', ...packages],
    ]);
  }

  private async refresh(maxAgeMs: number): Promise<void> {
    const stamp = join(this.folder, 'updated');
    const updated = await stat(stamp).catch(() => undefined);
    if (updated && Date.now() - updated.mtimeMs < maxAgeMs) return;
    await mkdir(join(this.folder, 'state/lists/partial'), { recursive: true });
    await mkdir(join(this.folder, 'cache/archives/partial'), { recursive: true });
    if (this.release !== 'machine') await this.writeSources(this.release);
    await run('apt-get', [...this.options(), 'update', '-qq']);
    await writeFile(stamp, '');
  }

  /** The newer release from where this machine gets its own main packages; no host is named anywhere in here. */
  private async writeSources(codename: string): Promise<void> {
    const targets = await run('apt-get', [
      ...[
        'indextargets',
        '--format',
        '$(REPO_URI) $(COMPONENT) $(CODENAME) $(RELEASE)',
        'Created-By: Packages',
      ],
    ]);
    const uri = targets
      .split('\n')
      .find((line) => /^\S+ main /.test(line) && !line.includes('security'))
      ?.split(' ')[0];
    if (uri === undefined)
      throw new LabError('environment', 'apt has no package source configured on this machine.');
    const key = '/usr/share/keyrings/debian-archive-keyring.gpg';
    await writeFile(this.sourcesFile(), `deb [signed-by=${key}] ${uri} ${codename} main\n`);
  }

  private sourcesFile(): string {
    return join(this.folder, 'sources.list');
  }

  private options(): string[] {
    const own = [`Dir::State=${this.folder}/state`, `Dir::Cache=${this.folder}/cache`];
    if (this.release !== 'machine')
      own.push(`Dir::Etc::sourcelist=${this.sourcesFile()}`, 'Dir::Etc::sourceparts=-');
    // As root apt would drop to a user that can't write into our folders.
    own.push('APT::Sandbox::User=root', 'Acquire::Languages=none');
    // Container images switch apt's binary cache off, and it then parses all lists at every call.
    own.push('Dir::Cache::pkgcache=pkgcache.bin', 'Dir::Cache::srcpkgcache=srcpkgcache.bin');
    return own.flatMap((option) => ['-o', option]);
  }
}
