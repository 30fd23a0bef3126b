import { delimiter, dirname } from 'node:path';
import type { ProgramName } from './catalog.js';
import { cacheHome } from './cache-folder.js';
import { programs } from './programs.js';

/** What specs, and the shell code under test, call by its name. */
const CALLED = ['bash', 'curl', 'flock', 'less', 'openssl', 'pgrep', 'ps', 'script'] as const;

/** What specs ask `programs()` for. */
const ASKED = [
  'busybox',
  'dnsmasq',
  'fish',
  'initdb-15',
  'ip',
  'ipxe.efi',
  'ipxe.lkrn',
  'isolinux.bin',
  'ldlinux.c32',
  'mcopy',
  'mformat',
  'mmd',
  'nats-server',
  'nft',
  'postgres-15',
  'shellcheck',
  'systemd-analyze',
  'tmux',
  'xorriso',
  'zsh-static',
] as const;

export interface TestPrograms {
  found: readonly ProgramName[];
  /** Unpacked into the cache folder, now or at an earlier run. */
  fetched: readonly ProgramName[];
  /** PATH on which all that specs call by its name is found; the machine's own programs come first. */
  path: string;
}

/**
 * Everything that the tests need and a machine may lack, before the first of them runs. Raises one `environment`
 * error with the whole list of what can't be had, and the command that installs it.
 */
export async function testPrograms(path: string): Promise<TestPrograms> {
  const all = await programs([...CALLED, ...ASKED]);
  const names = [...CALLED, ...ASKED];
  const isFetched = (name: (typeof names)[number]): boolean => all[name].startsWith(cacheHome());
  const folders = CALLED.filter(isFetched).map((name) => dirname(all[name]));
  return {
    found: names.filter((name) => !isFetched(name)),
    fetched: names.filter(isFetched),
    path: [...new Set([path, ...folders])].join(delimiter),
  };
}
