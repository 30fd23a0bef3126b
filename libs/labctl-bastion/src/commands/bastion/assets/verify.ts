import * as Args from '@oclif/core/args';
import { CliError, EXIT, documentText, formatOf, isData, jsonFlag, oneLine, outputFlag } from '@lab/cli-kit';
import { verifyFolder, type TreeProfile, type TreeStore, type Verified } from '@lab/install-trees';
import { dirFlag } from '../../../local-bastion.js';
import { AssetsCommand } from '../../../trees/assets-command.js';
import { profileNamed } from '../../../trees/profiles.js';
import { TerminalProgress } from '../../../trees/terminal-progress.js';
import { treeFolder } from '../../../trees/tree-status.js';

/** So many are named; the rest is counted. As JSON and YAML all are. */
const MOST_NAMED = 50;

interface Report extends Verified {
  profile: string;
  folder: string;
}

export default class BastionAssetsVerifyCommand extends AssetsCommand {
  static override summary = 'Read install trees again, and name what is damaged or missing';
  static override description = `Every file is held against the checksums of .treeinfo and the repositories, whoever put the tree there. Without PROFILE all trees that are there. Exit code 1 if anything is wrong.`;
  static override examples = [
    '<%= config.bin %> bastion assets verify',
    '<%= config.bin %> bastion assets verify fedora-43 -o json',
  ];
  static override args = { profile: Args.string({ description: 'only this one' }) };
  static override flags = { dir: dirFlag, output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(BastionAssetsVerifyCommand);
    const format = formatOf(flags);
    const { store, profiles } = await this.trees(flags.dir);
    const wanted = args.profile === undefined ? profiles : [profileNamed(profiles, args.profile)];
    const terminal = this.terminal(flags);
    const progress = new TerminalProgress(terminal, Date.now);
    const reports: Report[] = [];
    for (const profile of wanted) {
      const folder = await treeFolder(profile);
      if (folder === undefined) continue;
      if (terminal.live) terminal.note(`${profile.name}\n`);
      const ownChecksums = (await store.record(profile.name))?.ownChecksums ?? {};
      const verified = await verifyFolder(folder, profile, {
        ...{ progress, ownChecksums },
        signal: new AbortController().signal,
      }).finally(() => progress.end());
      await keep(store, profile, verified);
      reports.push({ profile: profile.name, folder, ...verified });
    }
    if (reports.length === 0) throw noTree(args.profile);
    if (isData(format)) {
      const items = reports.map(({ profile, folder, bad, checked, unchecked }) => ({
        profile,
        folder,
        checked,
        bad,
        unchecked,
      }));
      terminal.out(documentText({ items }, format === 'yaml' ? 'yaml' : 'json'));
    } else terminal.out(reports.map(textOf).join(''));
    if (reports.some(({ bad }) => bad.length > 0)) process.exitCode = EXIT.failed;
  }
}

async function keep(store: TreeStore, profile: TreeProfile, { bad }: Verified): Promise<void> {
  const record = await store.record(profile.name);
  if (record === undefined) return;
  await store.keep({ ...record, verifiedAt: bad.length === 0 ? new Date().toISOString() : null });
}

function textOf({ profile, bad, checked, unchecked }: Report): string {
  const lines = bad.slice(0, MOST_NAMED).map(({ path, why }) => `  ${oneLine(path)} ${oneLine(why)}`);
  if (bad.length > MOST_NAMED) lines.push(`  and ${bad.length - MOST_NAMED} more`);
  const own =
    unchecked.length === 0
      ? ''
      : `; no checksum is known of ${unchecked.slice(0, 5).map(oneLine).join(', ')}${unchecked.length > 5 ? ' …' : ''}`;
  const head =
    bad.length === 0
      ? `${profile}: ${checked} files are as they should be${own}`
      : `${profile}: ${bad.length} of ${checked + bad.filter(({ why }) => why === 'is missing').length} files are damaged or missing; bring them again with: labctl bastion assets pull ${profile}`;
  return `${[head, ...lines].join('\n')}\n`;
}

const noTree = (profile: string | undefined): CliError =>
  new CliError(
    'not-found',
    profile === undefined ? 'There is no install tree' : `There is no install tree of ${profile}`,
    {
      hint: `Bring one with: labctl bastion assets pull ${profile ?? 'PROFILE'}`,
    },
  );
