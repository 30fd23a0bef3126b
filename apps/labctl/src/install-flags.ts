import * as Flags from '@oclif/core/flags';
import type { DiskRule, LabClient, Ordered, ProvisionBody, Terminal } from '@lab/cli-kit';
import {
  awaitInstall,
  changeText,
  jsonFlag,
  outputFlag,
  parseDuration,
  parseSize,
  usageError,
} from '@lab/cli-kit';
import type { OutputFormat } from '@lab/cli-kit';
import { LabError, SERVER_ROLES } from '@lab/domain';
import { dryRunFlag } from './file-flags.js';
import { dryRunText, noteWarnings } from './order-report.js';
import { readSshKeys } from './read-ssh-keys.js';

/** What provision and reprovision have in common. */
export const installFlags = {
  hostname: Flags.string({
    description: "host name of the installed system; else the server's name",
    helpValue: 'NAME',
  }),
  'disk-serial': Flags.string({
    description: 'install on the disk with this serial number',
    helpValue: 'SERIAL',
  }),
  'disk-name': Flags.string({
    description: 'install on the disk with this kernel name, such as nvme0n1',
    helpValue: 'NAME',
  }),
  'disk-wwn': Flags.string({
    description: 'install on the disk with this World Wide Name',
    helpValue: 'WWN',
  }),
  'disk-by-id': Flags.string({
    description: 'install on the disk with this name in /dev/disk/by-id',
    helpValue: 'NAME',
  }),
  'disk-min-size': Flags.string({
    description: 'install on the one disk that is at least so large, such as 200G',
    helpValue: 'SIZE',
  }),
  'ssh-key': Flags.string({
    description: 'file with OpenSSH public keys that may log in as root; may be given again',
    helpValue: 'FILE',
    multiple: true,
  }),
  layout: Flags.string({ description: "disk layout; else the role's own", helpValue: 'NAME' }),
  wait: Flags.boolean({ description: 'show the progress and wait for the end' }),
  timeout: Flags.string({
    description: 'how long --wait waits (1h)',
    helpValue: 'DURATION',
    dependsOn: ['wait'],
  }),
  'dry-run': dryRunFlag,
  output: outputFlag,
  json: jsonFlag,
};

export const osFlagText = { description: 'profile to install, such as fedora-43', helpValue: 'PROFILE' };
export const roleFlagText = { description: 'what the server is for', helpValue: SERVER_ROLES.join('|') };

interface InstallChoices {
  os?: string | undefined;
  role?: string | undefined;
  hostname?: string | undefined;
  'disk-serial'?: string | undefined;
  'disk-name'?: string | undefined;
  'disk-wwn'?: string | undefined;
  'disk-by-id'?: string | undefined;
  'disk-min-size'?: string | undefined;
  layout?: string | undefined;
  'ssh-key'?: string[] | undefined;
}

/** The request's body: what was not said is left out. */
export async function provisionBody(flags: InstallChoices): Promise<ProvisionBody> {
  const disk: DiskRule = {
    ...(flags['disk-serial'] !== undefined && { serial: flags['disk-serial'] }),
    ...(flags['disk-name'] !== undefined && { name: flags['disk-name'] }),
    ...(flags['disk-wwn'] !== undefined && { wwn: flags['disk-wwn'] }),
    ...(flags['disk-by-id'] !== undefined && { byId: flags['disk-by-id'] }),
    ...(flags['disk-min-size'] !== undefined && {
      minSizeBytes: parseSize(flags['disk-min-size'], '--disk-min-size'),
    }),
  };
  return {
    ...(flags.os !== undefined && { profile: flags.os }),
    ...(flags.role !== undefined && { role: flags.role }),
    ...(flags.hostname !== undefined && { hostname: flags.hostname }),
    ...(flags.layout !== undefined && { layout: flags.layout }),
    ...(Object.keys(disk).length > 0 && { disk }),
    ...(flags['ssh-key'] !== undefined && { sshKeys: await readSshKeys(flags['ssh-key']) }),
  };
}

export interface StartedInstall {
  server: Ordered;
  format: OutputFormat;
  wait: boolean;
  timeoutMs: number;
  /** Nothing was started. */
  dryRun: boolean;
  isOneOfSeveral: boolean;
}

/** Prints what was started, or with `--wait` what became of it. */
export async function finishCommand(
  client: LabClient,
  terminal: Terminal,
  started: StartedInstall,
): Promise<void> {
  const { server, format } = started;
  const warnings = server.warnings ?? [];
  const told = new Set(warnings.map(({ condition }) => condition));
  const conditions = server.status.conditions.filter(({ type }) => !told.has(type));
  noteWarnings(terminal, started.isOneOfSeveral ? server.metadata.name : undefined, [
    ...warnings,
    ...conditions.map(({ type, message }) => ({ type, message, hint: null })),
  ]);
  if (started.dryRun) {
    terminal.out(dryRunText(server, server.status.phase, format));
    return;
  }
  if (!started.wait) {
    terminal.out(changeText(server, 'server', server.status.phase, format));
    return;
  }
  const attempt = server.status.install?.attempt;
  if (attempt === undefined) throw new LabError('internal', 'labd accepted the install but does not name it');
  await awaitInstall(client, terminal, {
    server: server.metadata.name,
    serverId: server.metadata.id,
    attempt,
    timeoutMs: started.timeoutMs,
  });
  const installed = await client.getServer(server.metadata.id);
  terminal.out(changeText(installed, 'server', installed.status.phase, format));
}

/** What can only be said of one server. */
export function refuseForSeveral(
  refs: readonly string[],
  flags: { wait: boolean; hostname?: string | undefined },
): void {
  if (refs.length === 1) return;
  const single = flags.hostname !== undefined ? '--hostname' : flags.wait ? '--wait' : undefined;
  if (single === undefined) return;
  throw usageError(
    `${single} is for one server, not ${refs.length}`,
    single === '--wait' ? 'Wait for them with labctl wait server/NAME… --for=phase=installed.' : undefined,
  );
}

/** Read before anything is asked of labd, so that a slip costs nothing. */
export const waitTimeout = (flags: { timeout?: string | undefined }): number =>
  parseDuration(flags.timeout ?? '1h', '--timeout');

/** What is said when the person stops watching. */
export const interruptedText = (server: string): string =>
  `The install goes on. Watch it with labctl logs ${server} -f, end it with labctl cancel ${server}.`;
