import { MAX_TREEINFO_BYTES, parseTreeinfo, type Treeinfo } from './treeinfo.js';
import { below, isTreePath } from './tree-path.js';

/** What a profile takes from its install tree. */
export interface TreeNeeds {
  /** Paths in the tree; null: from elsewhere. */
  kernel: string | null;
  initrd: string | null;
  /** Whether the second stage and the packages are the tree's. */
  stage2: boolean;
  repository: boolean;
}

/** Looks at files of a tree, wherever they lie. */
export interface TreeView {
  has(path: string): Promise<boolean>;
  /** The text of a file, if it is there and no larger. */
  text(path: string, maxBytes: number): Promise<string | undefined>;
}

/**
 * What of the tree a boot or an install can't do without and isn't there, sorted. The second stage is what `.treeinfo` names, else
 * `images/install.img` (dracut, anaconda-lib.sh `anaconda_net_root`); packages are those of the variants that `.treeinfo` leads
 * to, else of the repository at the root.
 */
export async function missingFrom(view: TreeView, needs: TreeNeeds): Promise<string[]> {
  const treeinfo = needs.stage2 || needs.repository ? await treeinfoOf(view) : undefined;
  const wanted = [
    ...[needs.kernel, needs.initrd].filter((path) => path !== null),
    ...(needs.stage2 ? [treeinfo?.mainImage ?? 'images/install.img'] : []),
    ...(needs.repository
      ? repositoriesOf(treeinfo).map((folder) => below(folder, 'repodata/repomd.xml'))
      : []),
  ];
  const there = await Promise.all(wanted.map((path) => view.has(path)));
  return [...new Set(wanted.filter((_, index) => there[index] === false))].sort();
}

/** Places of the repositories in the tree; `''` is its root. Those of a `.treeinfo` that lie outside of it aren't the tree's. */
export function repositoriesOf(treeinfo: Treeinfo | undefined): string[] {
  const places = (treeinfo?.variants ?? []).map(({ repository }) => (repository === '.' ? '' : repository));
  const inside = [...new Set(places)].filter((place) => place === '' || isTreePath(place));
  return inside.length === 0 ? [''] : inside;
}

async function treeinfoOf(view: TreeView): Promise<Treeinfo | undefined> {
  const text = await view.text('.treeinfo', MAX_TREEINFO_BYTES);
  try {
    return text === undefined ? undefined : parseTreeinfo(text, '.treeinfo');
  } catch {
    // A tree without a readable one is one without: the installer takes it so, too.
    return undefined;
  }
}
