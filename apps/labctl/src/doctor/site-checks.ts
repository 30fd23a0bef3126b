import { readdir, stat, statfs } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { bytesText, found, oneLine, programOnPath, runningBastion } from '@lab/cli-kit';
import type { Finding } from '@lab/cli-kit';

const LEAST_FREE = 5 * 2 ** 30;

/** Whether a bastion on this machine has what it needs. `folder`: of the one that runs, or the default; `isSaid`: by BASTION_DIR. */
export async function* siteChecks(folder: string, isSaid: boolean, path: string): AsyncGenerator<Finding> {
  const isThere = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isThere) {
    yield !isSaid
      ? found.skipped('bastion', 'none on this machine (none runs, and BASTION_DIR is not set)')
      : found.failed(
          'bastion',
          `BASTION_DIR: there is no folder ${folder}`,
          'Start the bastion once, or correct BASTION_DIR.',
        );
    return;
  }
  const running = await runningBastion(folder);
  yield found.ok(
    'bastion',
    running === undefined
      ? `its folder is ${folder}; it does not run; labctl bastion doctor looks whether it could`
      : `runs at ${oneLine(running.url)}; its folder is ${folder}; labctl bastion doctor looks at all that it needs`,
  );
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
    'Bring one for each profile: labctl bastion assets pull PROFILE --from URL, or assets import PROFILE FILE.iso.',
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
