import { join } from 'node:path';
import * as Flags from '@oclif/core/flags';
import {
  LabCommand,
  LabError,
  oneLine,
  programEnvironment,
  runningBastion,
  type GlobalFlags,
} from '@lab/cli-kit';
import { bastionProgram, ownProgram } from '../../bastion-program.js';
import { bastionFolder, dirFlag } from '../../local-bastion.js';
import { inBackground, inForeground } from '../../start-bastion.js';
import { siteContext } from '../../standalone/site-context.js';
import { readJoined, readSite } from '../../standalone/site-files.js';
import { Site, siteSettings, type SiteFlags } from '../../standalone/site.js';
import { emptied, refuseStart, startInBackground, untilAsked, welcome } from '../../standalone/start-site.js';

export default class BastionStartCommand extends LabCommand {
  static override summary = 'Start a bastion on this machine';
  static override description = `Its settings are the BASTION_… variables, LABD_URL and BASTION_JOIN_TOKEN_FILE.
With --standalone it is a whole site: a labd with its own database runs beside the bastion, and labctl gets a context for it. A site that has joined a labd runs its bastion alone.
It goes on in the background, and writes its log to FOLDER/bastion.log, or FOLDER/standalone.log and FOLDER/log; with --foreground it stays here and writes to the terminal.`;
  static override examples = [
    'LABD_URL=https://lab.example BASTION_JOIN_TOKEN_FILE=token <%= config.bin %> bastion start',
    '<%= config.bin %> bastion start --standalone --dir /var/lib/lab-bastion --interface eth1',
  ];
  static override flags = {
    dir: dirFlag,
    foreground: Flags.boolean({ description: 'stay here until Ctrl-C' }),
    background: Flags.boolean({ hidden: true }),
    standalone: Flags.boolean({ description: 'a site of its own: labd and its database, too' }),
    interface: Flags.string({
      description: 'the network interface that DHCP is served on; else BASTION_DHCP_INTERFACE',
      helpValue: 'NAME',
      dependsOn: ['standalone'],
    }),
    range: Flags.string({
      description: "addresses for machines; else BASTION_DHCP_RANGE, else a part of the interface's network",
      helpValue: 'FROM,TO[,NETMASK][,LEASE]',
      dependsOn: ['standalone'],
    }),
    proxy: Flags.boolean({
      description: 'leave addresses to the DHCP server that is there',
      dependsOn: ['standalone'],
    }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionStartCommand);
    const folder = bastionFolder(flags.dir, this.environment.bastionDir);
    const joined = await readJoined(folder);
    if (flags.standalone && joined === undefined) {
      await this.#site(folder, flags);
      return;
    }
    const settings = flags.standalone ? siteSettings(this.environment, flags).env : {};
    const running = (await runningBastion(folder)) ?? (await readSite(folder))?.bastion ?? undefined;
    if (running !== undefined) {
      throw new LabError(
        'exists',
        `a bastion runs in ${folder} already (process ${running.pid}, ${running.url})`,
        {
          hint: 'See labctl bastion status, end it with labctl bastion stop, or give another --dir.',
        },
      );
    }
    const labd = this.environment.labdUrl ?? joined?.labdUrl;
    const env = {
      ...settings,
      ...(labd !== undefined && { LABD_URL: labd }),
      ...(joined !== undefined &&
        this.environment.site.bastionName === undefined && { BASTION_NAME: joined.name }),
    };
    const program = bastionProgram(this.environment.path, this.config.root);
    if (flags.foreground) {
      process.exitCode = await inForeground(program, folder, env);
      return;
    }
    const started = await inBackground(program, folder, env);
    this.terminal(flags).out(
      `bastion started (process ${started.pid}) at ${oneLine(started.url)}\nlabd is ${oneLine(labd ?? 'none')}.\n`,
    );
  }

  async #site(folder: string, flags: StartFlags): Promise<void> {
    const terminal = this.terminal(flags);
    await refuseStart(folder);
    const bastion = await runningBastion(folder);
    if (bastion !== undefined) {
      throw new LabError('exists', `a bastion runs in ${folder} already (process ${bastion.pid})`, {
        hint: 'End it with labctl bastion stop, or give another --dir.',
      });
    }
    const settings = siteSettings(this.environment, flags);
    if (flags.background !== true) terminal.note(emptied(folder));
    if (!flags.foreground) {
      terminal.note('Starting labd, its database and a bastion …\n');
      const { labd, bastion } = await startInBackground(folder, argumentsOf(flags));
      const urls = { labd: labd?.url ?? '', bastion: bastion?.url ?? '' };
      terminal.out(welcome(folder, settings, urls, await this.#context(urls.labd, folder, flags)));
      return;
    }
    const asked = untilAsked();
    const say = (line: string): void => terminal.note(`${new Date().toISOString()} ${oneLine(line)}\n`);
    const { path } = this.environment;
    const programs = {
      labd: ownProgram('labd', path, this.config.root),
      bastion: ownProgram('bastion', path, this.config.root),
    };
    const mode = flags.background === true ? 'background' : 'foreground';
    const site = new Site({ folder, settings, mode, programs, environment: programEnvironment({}), say });
    const early = await Promise.race([site.start(), asked]);
    if (early === undefined) {
      const urls = { labd: site.lab.labdUrl, bastion: site.lab.bastionUrl };
      // Who waits in the foreground logs in; here, nobody may be there.
      if (flags.background !== true)
        terminal.out(welcome(folder, settings, urls, await this.#context(urls.labd, folder, flags)));
      await site.ready();
      await asked;
    }
    terminal.note('Stopping …\n');
    await site.stop();
    process.exit(0);
  }

  #context(url: string, folder: string, flags: GlobalFlags): ReturnType<typeof siteContext> {
    const password = join(folder, 'admin-password');
    return siteContext(this.contexts(), this.transportTo(new URL(url), flags), password);
  }
}

type StartFlags = GlobalFlags & SiteFlags & { foreground: boolean; background?: boolean };

const argumentsOf = ({ interface: name, range, proxy }: SiteFlags): string[] => [
  ...(name === undefined ? [] : ['--interface', name]),
  ...(range === undefined ? [] : ['--range', range]),
  ...(proxy ? ['--proxy'] : []),
];
