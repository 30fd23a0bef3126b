import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface DropTo {
  user: string;
  group: string;
  /**
   * False where a process may not change its groups at all (an unprivileged user namespace: setgroups(2) is denied, see
   * user_namespaces(7)). dnsmasq tries in any case, unless it runs in its debug mode, which stays what it is.
   */
  canChange: boolean;
}

/**
 * Whom dnsmasq becomes after it has opened its sockets. Nobody, where that works; root in a user namespace that maps
 * only root, and where the folder that it serves lies below one that others may not enter.
 */
export async function dnsmasqUser(tftpRoot: string): Promise<DropTo> {
  const [map, setgroups, users, groups] = await Promise.all(
    ['/proc/self/uid_map', '/proc/self/setgroups', '/etc/passwd', '/etc/group'].map((file) =>
      readFile(file, 'utf8').catch(() => ''),
    ),
  );
  const asRoot: DropTo = { user: 'root', group: 'root', canChange: setgroups?.trim() !== 'deny' };
  if (!asRoot.canChange || mappedUsers(map ?? '') <= 65_534) return asRoot;
  if (!/^nobody:/m.test(users ?? '') || !(await isOpenToAll(tftpRoot))) return asRoot;
  const group = ['nogroup', 'nobody'].find((name) => new RegExp(`^${name}:`, 'm').test(groups ?? ''));
  return group === undefined ? asRoot : { user: 'nobody', group, canChange: true };
}

/** user_namespaces(7): lines of `inside outside length`. No file means no namespaces. */
export const mappedUsers = (uidMap: string): number =>
  uidMap.trim() === ''
    ? Number.MAX_SAFE_INTEGER
    : uidMap
        .trim()
        .split('\n')
        .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2] ?? 0), 0);

async function isOpenToAll(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const { mode } = await stat(path);
    if ((mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
