import { open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { TreeNeeds, TreeView } from './needs.js';

/** A profile, as far as its install tree goes; the bastion tells it. */
export interface TreeProfile {
  name: string;
  title: string;
  os: string;
  version: string;
  arch: string;
  needs: TreeNeeds;
  /** Where the profile says that its tree can be had. */
  source: string | null;
  /** Folders in which the bastion looks, in this order. */
  folders: readonly string[];
  /** What isn't there, as the bastion sees it. */
  missing: readonly string[];
}

/** A tree in one folder; a link that leads out of it isn't there. */
export const folderView = (folder: string): TreeView => ({
  has: async (path) => (await inside(folder, path)) !== undefined,
  text: async (path, maxBytes) => textOf(await inside(folder, path), maxBytes),
});

/** The real path of a file below a folder, which may be a link itself; undefined if it isn't there, or leads out. */
export async function inside(folder: string, path: string): Promise<string | undefined> {
  const root = await realpath(folder).catch(() => undefined);
  if (root === undefined) return undefined;
  const file = await realpath(join(root, path)).catch(() => undefined);
  if (file?.startsWith(root + sep) !== true) return undefined;
  return (await stat(file).catch(() => undefined))?.isFile() === true ? file : undefined;
}

/** The text of a file that isn't larger. */
export async function textOf(file: string | undefined, maxBytes: number): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
