import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { bytesText, oneLine, usageError } from '@lab/cli-kit';
import { pullTree } from '@lab/install-trees';
import { dirFlag } from '../../../local-bastion.js';
import { AssetsCommand } from '../../../trees/assets-command.js';
import { profileNamed } from '../../../trees/profiles.js';
import { TerminalProgress } from '../../../trees/terminal-progress.js';

/** How long a mirror may say nothing, and the pauses before it is asked again. */
const STALLED_MS = 30_000;
const RETRY_MS = [1_000, 3_000, 10_000];

export default class BastionAssetsPullCommand extends AssetsCommand {
  static override summary = 'Bring the install tree of a profile from a mirror';
  static override description = `The address is that of the folder with .treeinfo in it: for Fedora …/releases/43/Server/x86_64/os/ (Everything has 100 GB of packages), for the RHEL family …/9/BaseOS/x86_64/os/; AppStream comes along, or is named with --repository. Without --from it is where the tree last came from, else the "source" of the profile.
All of it is checked against the checksums of .treeinfo and the repositories. Stopped at any point, the same command goes on there. Machines are served the tree that is there until the new one is complete.`;
  static override examples = [
    '<%= config.bin %> bastion assets pull fedora-43 --from https://mirror.example/fedora/linux/releases/43/Server/x86_64/os/',
    '<%= config.bin %> bastion assets pull almalinux-9 --from https://mirror.example/almalinux/9/BaseOS/x86_64/os/ --repository AppStream=https://mirror.example/almalinux/9/AppStream/x86_64/os/',
    '<%= config.bin %> bastion assets pull fedora-43',
  ];
  static override args = {
    profile: Args.string({ description: 'as labctl bastion assets list names it', required: true }),
  };
  static override flags = {
    dir: dirFlag,
    from: Flags.string({ description: 'address of the tree', helpValue: 'URL' }),
    repository: Flags.string({
      description: 'a repository that the tree does not name itself; again for more',
      helpValue: 'NAME=URL',
      multiple: true,
      multipleNonGreedy: true,
      default: [],
    }),
    'without-packages': Flags.boolean({
      description: 'only kernel, initrd and second stage: the packages of the profile are elsewhere',
    }),
    parallel: Flags.integer({ description: 'files at once', default: 4, min: 1, max: 16 }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(BastionAssetsPullCommand);
    const extra = new Map(flags.repository.map(repositoryOf));
    const given = flags.from === undefined ? undefined : addressOf(flags.from, '--from');
    const { store, profiles } = await this.trees(flags.dir);
    const profile = profileNamed(profiles, args.profile);
    const record = await store.record(profile.name);
    const last = record?.how === 'pull' ? record.from : undefined;
    const from = given?.href ?? last ?? profile.source;
    if (from === null) {
      throw usageError(
        `it is not known where the tree of ${profile.name} can be had`,
        `Name the address of a mirror's tree with --from, or take it out of an ISO: labctl bastion assets import ${profile.name} FILE.iso`,
      );
    }
    const terminal = this.terminal(flags);
    const progress = new TerminalProgress(terminal, Date.now);
    const again = `labctl bastion assets pull ${profile.name}${given === undefined ? '' : ` --from ${given.href}`}`;
    this.onInterrupt(terminal, `Stopped. Machines are served what they were before. Go on with: ${again}`);
    terminal.note(`${profile.title} from ${oneLine(from)}\n`);
    const pulled = await pullTree(store, {
      ...{ profile, extra, progress, parallel: flags.parallel, retryMs: RETRY_MS, now: new Date() },
      from: addressOf(from, 'the address'),
      packages: !flags['without-packages'],
      patience: { stalledMs: STALLED_MS },
      signal: new AbortController().signal,
    }).finally(() => progress.end());
    const own = Object.keys(pulled.ownChecksums).filter(
      (path) => path !== '.treeinfo' && !/(^|\/)repomd\.xml$/.test(path),
    );
    if (own.length > 0) terminal.note(`The source states no checksum of ${own.map(oneLine).join(', ')}.\n`);
    terminal.out(
      `profile/${profile.name} pulled: ${bytesText(pulled.bytes)} in ${pulled.files} files, all checksums right\n`,
    );
  }
}

function repositoryOf(text: string): [string, URL] {
  const [, name = '', url = ''] = /^([^=]*)=(.*)$/.exec(text) ?? [];
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) return [name, addressOf(url, '--repository')];
  throw usageError(`--repository: "${oneLine(text)}" is not NAME=URL`, 'Write it as AppStream=https://…');
}

function addressOf(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageError(
      `${what}: "${oneLine(text)}" is not an http(s) URL`,
      'Give the address of the folder with .treeinfo.',
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw usageError(
      `${what}: the address has a user, a query or a fragment`,
      'Give the plain address of a folder.',
    );
  }
  return url;
}
