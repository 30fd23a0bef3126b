import { stat } from 'node:fs/promises';
import type { TreeProfile, TreeRecord, TreeStore } from '@lab/install-trees';

/** A profile and its tree, as `assets list` tells of it. */
export interface TreeStatus {
  profile: string;
  title: string;
  /** `begun`: a pull was stopped, and there is none before it. */
  tree: 'complete' | 'incomplete' | 'begun' | 'none';
  folder: string | null;
  bytes: number;
  files: number;
  missing: readonly string[];
  /** `by hand`: no pull or import of this program has made it. */
  how: TreeRecord['how'] | 'by hand' | null;
  from: string | null;
  at: string | null;
  verifiedAt: string | null;
}

const isThere = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined)) !== undefined;

/** The folder that the profile's tree is in: of those that the bastion looks into the first that is there. */
export async function treeFolder(profile: TreeProfile): Promise<string | undefined> {
  for (const folder of profile.folders) {
    if (await isThere(folder)) return folder;
  }
  return undefined;
}

export async function treeStatus(profile: TreeProfile, store: TreeStore): Promise<TreeStatus> {
  const folder = await treeFolder(profile);
  const size = folder === undefined ? undefined : await store.measure(folder);
  const record = await store.record(profile.name);
  const isNone = size === undefined || size.files === 0;
  const begun = await isThere(store.staging(profile.name));
  return {
    profile: profile.name,
    title: profile.title,
    tree: isNone ? (begun ? 'begun' : 'none') : profile.missing.length === 0 ? 'complete' : 'incomplete',
    folder: folder ?? null,
    bytes: size?.bytes ?? 0,
    files: size?.files ?? 0,
    missing: profile.missing,
    how: isNone ? null : (record?.how ?? 'by hand'),
    from: record?.from ?? null,
    at: record?.at ?? null,
    verifiedAt: record?.verifiedAt ?? null,
  };
}
