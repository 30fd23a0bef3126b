import { access, constants, mkdtemp, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../storage/storage-error.js';
import { failed, ok, warning, type Finding } from './finding.js';

export interface FolderFacts {
  folder: string;
  /** The folder itself is there; else it is made at the start, in `nearest`. */
  exists: boolean;
  /** The folder, or the nearest one above it that is there. */
  nearest: string;
  isFolder: boolean;
  /** Why nothing can be written there: an error code; null: it can. */
  refusal: string | null;
  /** `f_type` of statfs(2). */
  fileSystem: number;
  freeBytes: number;
  /** Null: the file system doesn't count them. */
  freeFiles: number | null;
}

/** linux/magic.h: TMPFS_MAGIC, RAMFS_MAGIC. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);
/** What systemd-tmpfiles empties (tmpfiles.d/tmp.conf: /tmp after 10 days, /var/tmp after 30), or what a restart does. */
const EMPTIED = /^\/(?:tmp|var\/tmp|run|dev\/shm)(?:\/|$)/;
const LEAST_FREE = 5 * 2 ** 30;
/** A single install's logs and the spool fill this in minutes. */
const FULL = 256 * 2 ** 20;

const gib = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;

export function judgeFolder(facts: FolderFacts): Finding[] {
  const { folder, exists, nearest, isFolder, refusal, freeBytes, freeFiles } = facts;
  if (!isFolder)
    return [failed('folder', `${nearest} is no folder`, 'Give another one: --dir, or BASTION_DIR.')];
  if (refusal !== null) {
    const why =
      refusal === 'ENOSPC' ? 'it is full' : refusal === 'EROFS' ? 'it is mounted read-only' : refusal;
    return [
      failed(
        'folder',
        `nothing can be written into ${nearest}: ${why}`,
        refusal === 'ENOSPC'
          ? 'Make room on its file system.'
          : 'Run this as the user that the bastion runs as, or give another folder: --dir, or BASTION_DIR.',
      ),
    ];
  }
  const findings: Finding[] = [];
  if (IN_MEMORY.has(facts.fileSystem))
    findings.push(
      warning(
        'folder',
        `${folder} is in memory: a restart of this machine loses machines, logs and the credential for labd`,
        'Give a folder on a disk, such as BASTION_DIR=/var/lib/lab-bastion.',
      ),
    );
  else if (EMPTIED.test(folder))
    findings.push(
      warning(
        'folder',
        `${folder} lies where files are removed by themselves, after days or at a restart`,
        'Give a folder that is kept, such as BASTION_DIR=/var/lib/lab-bastion.',
      ),
    );
  if (freeFiles === 0)
    findings.push(
      failed(
        'folder',
        `no file can be made in ${nearest}: no inodes are left`,
        'Remove files from its file system.',
      ),
    );
  const room = `${gib(freeBytes)} free`;
  if (freeBytes < FULL)
    findings.push(failed('folder', `${room} in ${nearest}`, 'Make room: logs and the spool need it.'));
  else if (freeBytes < LEAST_FREE)
    findings.push(
      warning(
        'folder',
        `${room} in ${nearest}`,
        'Make room: logs, the spool and install trees need it. BASTION_KEEP_GIB limits past installs.',
      ),
    );
  if (findings.length === 0)
    findings.push(ok('folder', `${folder}, ${room}${exists ? '' : '; made at the start'}`));
  return findings;
}

/** Looks, and writes a file that it removes again; makes no folder that wasn't there. */
export async function folderFacts(folder: string): Promise<FolderFacts> {
  let nearest = folder;
  let found = await stat(nearest).catch(() => undefined);
  while (found === undefined && dirname(nearest) !== nearest) {
    nearest = dirname(nearest);
    found = await stat(nearest).catch(() => undefined);
  }
  const isFolder = found?.isDirectory() === true;
  const { bavail, bsize, type, files, ffree } = await statfs(nearest);
  return {
    ...{ folder, nearest, isFolder },
    exists: nearest === folder,
    refusal: isFolder ? await refusalOf(nearest, nearest === folder) : null,
    fileSystem: type,
    freeBytes: bavail * bsize,
    freeFiles: files === 0 ? null : ffree,
  };
}

async function refusalOf(folder: string, isOurs: boolean): Promise<string | null> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    // A folder that others use is only asked; ours is tried: quotas and read-only layers show at a write.
    if (!isOurs) return null;
    const trial = await mkdtemp(join(folder, '.preflight-'));
    try {
      await writeFile(join(trial, 'file'), Buffer.alloc(4096));
    } finally {
      await rm(trial, { recursive: true, force: true });
    }
    return null;
  } catch (error) {
    return codeOf(error) || 'it is refused';
  }
}
