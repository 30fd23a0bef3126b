import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import {
  LabCommand,
  LabError,
  bastionFolderInUse,
  exitCodeOfChild,
  formatOf,
  jsonFlag,
  oneLine,
  outputFlag,
  programEnvironment,
  reportFindings,
} from '@lab/cli-kit';
import type { Finding } from '@lab/cli-kit';
import { bastionProgram } from '../../bastion-program.js';
import { dirFlag } from '../../local-bastion.js';

/** More than any site has. */
const MAX_FINDINGS = 1_000;
const STATUSES: readonly string[] = ['ok', 'warning', 'failed', 'skipped'];

export default class BastionDoctorCommand extends LabCommand {
  static override summary = 'Check that this machine has what a bastion needs';
  static override description = `To be run on the bastion's machine, before or while a bastion runs there, as the user that it runs as.
Its settings are the BASTION_… variables and LABD_URL, of a bastion that runs its own. Looked at: settings and folder, interface, rights, ports, dnsmasq and iPXE, files of the profiles, labd, clock and link. Other DHCP servers are asked for an offer, which is not taken. Where the interface is a bridge, ports are tried from a network namespace that is removed again.
Exit code 0 if all is well or there are only warnings, 1 if a check failed.`;
  static override examples = [
    '<%= config.bin %> bastion doctor',
    'BASTION_DHCP_INTERFACE=lab0 BASTION_DHCP_RANGE=192.168.77.100,192.168.77.200 <%= config.bin %> bastion doctor -o json',
  ];
  static override flags = { dir: dirFlag, output: outputFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(BastionDoctorCommand);
    const folder = await bastionFolderInUse(flags.dir, this.environment);
    const program = bastionProgram(this.environment.path, this.config.root);
    const hasFailed = await reportFindings(
      findingsOf(program, folder),
      this.terminal(flags),
      formatOf(flags),
    );
    if (hasFailed) process.exitCode = 1;
  }
}

/** The bastion knows what it needs: it looks itself, and says a finding a line. */
async function* findingsOf(
  { command, args }: ReturnType<typeof bastionProgram>,
  folder: string,
): AsyncGenerator<Finding> {
  const child = spawn(command, [...args, 'doctor'], {
    env: programEnvironment({ BASTION_DIR: folder }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = exitCodeOfChild(child);
  // Its end is awaited after the last line.
  ended.catch(() => undefined);
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const finding = parsed(line);
    count += 1;
    if (finding !== undefined && count <= MAX_FINDINGS) yield finding;
  }
  const code = await ended;
  if (count === 0 || (code !== 0 && code !== 1))
    throw new LabError(
      'environment',
      `the bastion's program ended with ${code} before it had looked at everything`,
      {
        hint: `Is ${oneLine(command)} of the same release as labctl?`,
      },
    );
}

function parsed(line: string): Finding | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return undefined;
    const { check, status, message, fix } = value as Partial<Finding>;
    if (typeof check !== 'string' || typeof message !== 'string' || !STATUSES.includes(String(status)))
      return undefined;
    return { ...(value as Finding), ...(typeof fix === 'string' && { fix }) };
  } catch {
    return undefined;
  }
}
