import { readdir, stat, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { bytesText, programOnPath } from '@lab/cli-kit';
import { failed, ok, skipped, warning, type Finding } from './finding.js';

const LEAST_FREE = 5 * 2 ** 30;
const DEFAULT_DIR = '/tmp/lab-bastion';

/** Whether a bastion on this machine has what it needs. */
export async function* siteChecks(bastionDir: string | undefined, path: string): AsyncGenerator<Finding> {
  const folder = bastionDir ?? DEFAULT_DIR;
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) {
    yield bastionDir === undefined
      ? skipped('bastion', 'none on this machine (BASTION_DIR is not set)')
      : failed(
          'bastion',
          `BASTION_DIR: there is no folder ${folder}`,
          'Start the bastion once, or correct BASTION_DIR.',
        );
    return;
  }
  yield ok('bastion', `its folder is ${folder}`);
  yield dnsmasq(path);
  yield await assets(join(folder, 'assets'));
  yield await space(folder);
}

function dnsmasq(path: string): Finding {
  const program = programOnPath('dnsmasq', [path, '/usr/sbin', '/sbin'].join(delimiter));
  if (program !== undefined) return ok('dnsmasq', program);
  return warning(
    'dnsmasq',
    'is not installed',
    'Only a bastion that serves DHCP needs it: apt install dnsmasq-base, or dnf install dnsmasq.',
  );
}

async function assets(folder: string): Promise<Finding> {
  const trees = await readdir(folder).catch(() => []);
  if (trees.length > 0) return ok('assets', trees.sort().join(', '));
  return warning(
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
    ? ok('disk', message)
    : warning(
        'disk',
        message,
        'Make room: logs and the spool need it. BASTION_KEEP_GIB limits past installs.',
      );
}
