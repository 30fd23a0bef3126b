import { readdir, stat, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { bytesText, found, programOnPath } from '@lab/cli-kit';
import type { Finding } from '@lab/cli-kit';

const LEAST_FREE = 5 * 2 ** 30;
const DEFAULT_DIR = '/tmp/lab-bastion';

/** Whether a bastion on this machine has what it needs. */
export async function* siteChecks(bastionDir: string | undefined, path: string): AsyncGenerator<Finding> {
  const folder = bastionDir ?? DEFAULT_DIR;
  const isThere = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isThere) {
    yield bastionDir === undefined
      ? found.skipped('bastion', 'none on this machine (BASTION_DIR is not set)')
      : found.failed(
          'bastion',
          `BASTION_DIR: there is no folder ${folder}`,
          'Start the bastion once, or correct BASTION_DIR.',
        );
    return;
  }
  yield found.ok('bastion', `its folder is ${folder}; labctl bastion doctor looks at all that it needs`);
  yield dnsmasq(path);
  yield await assets(join(folder, 'assets'));
  yield await space(folder);
}

function dnsmasq(path: string): Finding {
  const program = programOnPath('dnsmasq', [path, '/usr/sbin', '/sbin'].join(delimiter));
  if (program !== undefined) return found.ok('dnsmasq', program);
  return found.warning(
    'dnsmasq',
    'is not installed',
    'Only a bastion that serves DHCP needs it: apt install dnsmasq-base, or dnf install dnsmasq.',
  );
}

async function assets(folder: string): Promise<Finding> {
  const trees = await readdir(folder).catch(() => []);
  if (trees.length > 0) return found.ok('assets', trees.sort().join(', '));
  return found.warning(
    'assets',
    `${folder} holds no install tree`,
    'Put one there for each profile, such as assets/fedora-43 with images/pxeboot.',
  );
}

async function space(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const message = `${bytesText(free)} free in ${folder}`;
  return free >= LEAST_FREE
    ? found.ok('disk', message)
    : found.warning(
        'disk',
        message,
        'Make room: logs and the spool need it. BASTION_KEEP_GIB limits past installs.',
      );
}
