import { readFile } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import {
  LabCommand,
  LabError,
  bastionFolderInUse,
  isLoopback,
  oneLine,
  serverUrl,
  uninterrupted,
  usageError,
  type GlobalFlags,
  type Terminal,
} from '@lab/cli-kit';
import { bastionProgram, ownProgram } from '../../bastion-program.js';
import { HandoverClient, type Checked } from '../../join/handover-client.js';
import type { HandoverHeader } from '../../join/handover-file.js';
import { freeze, handOver, preview, stateOfJoin, tidy, type JoinParts } from '../../join/join-site.js';
import { dirFlag, readiness } from '../../local-bastion.js';
import { inBackground } from '../../start-bastion.js';
import { handedOverFile, readJoin, readJoined, type JoinUnderWay } from '../../standalone/site-files.js';

const LINKED_WITHIN_MS = 60_000;

export default class BastionJoinCommand extends LabCommand {
  static override summary = 'Hand a site that stands alone over to a central labd';
  static override description = `Its servers, networks, clusters, installs and every log line go to the labd at URL, and its bastion enrols there with the token. The site's own labd is stopped for good; its folder stays, and says so.
Users, roles, API tokens, install settings and the audit log stay behind: the central labd has its own. All of it comes into the cloud and environment of the token.
Installs under way have to end first. Run again after an interruption, it goes on where it was.`;
  static override examples = [
    '<%= config.bin %> bastion join https://lab.example --token-file token --dry-run',
    '<%= config.bin %> bastion join https://lab.example --token-file token --dir /var/lib/lab-bastion',
  ];
  static override args = { url: Args.string({ description: 'URL of the labd that takes over' }) };
  static override flags = {
    dir: dirFlag,
    'token-file': Flags.string({
      description: 'file with a join token (labctl create token at the central labd)',
      helpValue: 'FILE',
    }),
    name: Flags.string({ description: 'name of the bastion there; else as it is', helpValue: 'NAME' }),
    'dry-run': Flags.string({
      description: 'server: only say what would be handed over, and what is in the way',
      options: ['none', 'server'],
      default: 'none',
    }),
    abandon: Flags.boolean({
      description: 'give up a join that has not ended: the site may stand alone again',
      exclusive: ['name'],
    }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(BastionJoinCommand);
    const terminal = this.terminal(flags);
    const folder = await bastionFolderInUse(flags.dir, this.environment);
    if (flags.abandon) {
      await abandon(folder, terminal);
      return;
    }
    if (args.url === undefined) throw usageError('which labd is to take over?', 'Give its URL.');
    const server = serverUrl(args.url);
    const parts = await this.#parts(folder, server, flags);
    if (server.protocol === 'http:' && !isLoopback(server)) {
      terminal.note(`warning: ${parts.url} is not encrypted: the token can be read on the way\n`);
    }
    const found = await stateOfJoin(folder, parts.url);
    if (found.state === 'joined') {
      tidy(folder);
      terminal.out(`${folder} has joined ${oneLine(parts.url)} already.\n`);
      return;
    }
    if (found.state === 'new') {
      const { header, checked } = await preview(parts);
      terminal.out(previewText(parts, header, checked));
      if (checked.conflicts.length > 0) throw inTheWay(checked);
      if (flags['dry-run'] === 'server') return;
    } else if (flags['dry-run'] === 'server') {
      terminal.out(
        `The join with ${oneLine(parts.url)} has begun: run it again without --dry-run to end it.\n`,
      );
      return;
    }
    await uninterrupted(async () => {
      const begun = found.state === 'new' ? await freeze(parts) : found.begun;
      const named = flags.name === undefined ? begun : { ...begun, name: flags.name };
      const header = await handOver(parts, named);
      tidy(folder);
      terminal.out(
        `joined ${oneLine(parts.url)} as ${oneLine(named.name)}: ${countsText(header.counts)} handed over\n`,
      );
      await this.#startAgain(folder, named, terminal);
    });
  }

  async #parts(
    folder: string,
    server: URL,
    flags: GlobalFlags & { 'token-file'?: string | undefined; name?: string | undefined },
  ): Promise<JoinParts> {
    const file = flags['token-file'];
    if (file === undefined)
      throw usageError('which token?', 'Give --token-file FILE, made with labctl create token.');
    const token = (
      await readFile(file, 'utf8').catch((cause: unknown) => {
        throw new LabError('environment', `--token-file: ${oneLine(file)} can't be read`, {
          hint: 'Name a readable file with a join token.',
          cause,
        });
      })
    ).trim();
    const transport = this.transportTo(server, flags);
    return {
      folder,
      url: transport.server,
      token,
      name: flags.name?.toLowerCase(),
      labd: ownProgram('labd', this.environment.path, this.config.root),
      client: new HandoverClient(transport),
      say: (text) => this.terminal(flags).note(text),
      now: () => new Date(),
    };
  }

  async #startAgain(
    folder: string,
    { ranAs, url, name, env }: JoinUnderWay,
    terminal: Terminal,
  ): Promise<void> {
    const login = `labctl asks the central labd after: labctl login ${oneLine(url)}\n`;
    if (ranAs !== 'background') {
      terminal.out(
        `${ranAs === null ? 'Start' : 'It was stopped. If no service does it, start'} the bastion as before; it runs alone now.\n${login}`,
      );
      return;
    }
    const program = bastionProgram(this.environment.path, this.config.root);
    const settings = { ...env, LABD_URL: url, BASTION_NAME: name };
    const { url: own } = await inBackground(program, folder, settings);
    const deadline = performance.now() + LINKED_WITHIN_MS;
    while ((await readiness(own))?.link !== 'established') {
      if (performance.now() > deadline) {
        throw new LabError('not-ready', `the bastion runs, but its link with ${oneLine(url)} is not up`, {
          hint: `All is handed over. See ${folder}/bastion.log.`,
        });
      }
      await sleep(100);
    }
    terminal.out(`The bastion runs at ${oneLine(own)}, and is linked.\n${login}`);
  }
}

async function abandon(folder: string, terminal: Terminal): Promise<void> {
  if ((await readJoined(folder)) !== undefined) {
    throw new LabError('exists', 'the join has ended: there is nothing to give up', {
      hint: 'Delete the bastion and its servers at the central labd first, if the site is to stand alone again.',
    });
  }
  const begun = await readJoin(folder);
  tidy(folder);
  rmSync(handedOverFile(folder), { force: true });
  terminal.out(
    begun === undefined
      ? 'No join is under way.\n'
      : `The join with ${oneLine(begun.url)} was given up: the site may stand alone again.\nIf bastion ${oneLine(begun.name)} is there, delete it and its servers.\n`,
  );
}

const countsText = (counts: Readonly<Record<string, number>>): string =>
  ['servers', 'networks', 'clusters', 'installs', 'stages', 'lines']
    .map((kind) => `${counts[kind] ?? 0} ${kind === 'lines' ? 'log lines' : kind}`)
    .join(', ');

function previewText(
  { url, name }: JoinParts,
  { bastion, counts, places, leftBehind }: HandoverHeader,
  { cloud, environment, conflicts }: Checked,
): string {
  const place = `${cloud}/${environment}`;
  const others = places.filter((each) => each !== place);
  const behind = Object.entries(leftBehind).filter(([, count]) => count > 0);
  return [
    `To ${oneLine(url)}, as bastion ${oneLine(name ?? bastion.name)}, into ${oneLine(place)}:`,
    `  ${countsText(counts)}`,
    ...(others.length === 0
      ? []
      : [`  what was in ${oneLine(others.join(', '))} will be in ${oneLine(place)}`]),
    `Stays behind, readable in the site's own folder:`,
    `  ${behind.map(([table, count]) => `${count} ${table.replaceAll('_', ' ')}`).join(', ')}`,
    ...conflicts.map(
      ({ kind, name, reason }) => `In the way: ${kind.toLowerCase()}/${oneLine(name)}: ${oneLine(reason)}`,
    ),
    '',
  ].join('\n');
}

const inTheWay = ({ conflicts }: Checked): LabError =>
  new LabError(
    'exists',
    `${conflicts.length} ${conflicts.length === 1 ? 'thing is' : 'things are'} in the way; nothing has changed`,
    {
      hint: 'Rename or delete them, here or at the central labd; another name for the bastion is given by --name.',
    },
  );
