import { basename } from 'node:path';
import { NONE, ageText, bytesText, formatOf, jsonFlag, outputFlag, plainList } from '@lab/cli-kit';
import { dirFlag } from '../../../local-bastion.js';
import { AssetsCommand } from '../../../trees/assets-command.js';
import { treeStatus, type TreeStatus } from '../../../trees/tree-status.js';

export default class BastionAssetsListCommand extends AssetsCommand {
  static override summary = 'List the profiles, and whether their install trees are there';
  static override description = `A profile whose tree is not complete can't be installed. "begun" is a pull that was stopped: the same pull goes on with it.`;
  static override examples = [
    '<%= config.bin %> bastion assets list',
    '<%= config.bin %> bastion assets list -o wide',
  ];
  static override flags = { dir: dirFlag, output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionAssetsListCommand);
    const format = formatOf(flags);
    const { store, profiles } = await this.trees(flags.dir);
    const trees: TreeStatus[] = [];
    for (const profile of profiles) trees.push(await treeStatus(profile, store));
    const age = (at: string | null): string => (at === null ? NONE : ageText(Date.now() - Date.parse(at)));
    this.terminal(flags).out(
      plainList(trees, {
        format,
        name: ({ profile }) => `profile/${profile}`,
        columns: [
          ['NAME', ({ profile }) => profile],
          ['TREE', ({ tree }) => tree],
          ['SIZE', ({ tree, bytes }) => (tree === 'none' || tree === 'begun' ? NONE : bytesText(bytes))],
          ...(format === 'wide'
            ? ([
                ['FILES', ({ files }) => files],
                ['MISSING', ({ missing }) => (missing.length === 0 ? NONE : missing.join(','))],
                ['FOLDER', ({ folder }) => folder ?? NONE],
                ['FROM', ({ from, how }) => from ?? how ?? NONE],
              ] as [string, (tree: TreeStatus) => string | number][])
            : ([['FROM', shortSource]] as [string, (tree: TreeStatus) => string][])),
          ['VERIFIED', ({ verifiedAt }) => age(verifiedAt)],
          ['AGE', ({ at }) => age(at)],
        ],
      }),
    );
  }
}

/** The server or the file alone: the whole is in the wide form. */
function shortSource({ from, how }: TreeStatus): string {
  if (from === null) return how === 'by hand' ? 'by-hand' : NONE;
  return how === 'pull' && URL.canParse(from) ? new URL(from).host : basename(from);
}
