import * as Flags from '@oclif/core/flags';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '@lab/domain';
import {
  CliError,
  ConnectionError,
  EXIT,
  LabCommand,
  ageText,
  failedInstall,
  oneLine,
  parseDuration,
  usageError,
} from '@lab/cli-kit';
import type { LabClient, Server } from '@lab/cli-kit';
import { isMet, isOutOfReach, parseAim } from '../wait-aim.js';
import type { Aim } from '../wait-aim.js';

const POLL_MS = 1000;

export default class WaitCommand extends LabCommand {
  static override summary = 'Wait until a server is in a phase, has a condition, or is gone';
  static override description =
    'Ends with exit code 0 when every --for is met, 5 after the time-out, 6 as soon as the server has failed and --for=phase=installed can not come true.';
  static override usage = 'wait server/NAME --for=phase=PHASE [--timeout DURATION]';
  static override examples = [
    '<%= config.bin %> wait server/node1 --for=phase=installed --timeout=30m',
    '<%= config.bin %> wait server/node1 --for=condition=Stuck=False',
    '<%= config.bin %> wait server/node1 --for=delete',
  ];
  static override strict = false;
  static override flags = {
    for: Flags.string({
      description: 'what to wait for; given several times, all of it',
      helpValue: 'phase=PHASE|condition=TYPE[=VALUE]|delete',
      multiple: true,
      multipleNonGreedy: true,
      required: true,
    }),
    timeout: Flags.string({ description: 'how long', helpValue: 'DURATION', default: '30s' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(WaitCommand);
    const aims = flags.for.map(parseAim);
    const timeoutMs = parseDuration(flags.timeout, '--timeout');
    const lab = this.lab(flags);
    const [selection, ...others] = await this.selections(argv.map(String), 'get', () => lab);
    const ref = selection?.refs[0];
    if (
      selection?.kind.singular !== 'server' ||
      ref === undefined ||
      others.length > 0 ||
      selection.refs.length > 1
    ) {
      throw usageError('wait takes one server', 'Write labctl wait server/NAME --for=phase=installed.');
    }
    const { client } = await lab;
    const met = await waitFor(client, ref, aims, timeoutMs);
    this.terminal(flags).out(`server/${oneLine(met)} condition met\n`);
  }
}

/** The server's name, once all aims are met. */
async function waitFor(
  client: LabClient,
  ref: string,
  aims: readonly Aim[],
  timeoutMs: number,
): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  let server: Server | undefined;
  let away: ConnectionError | undefined;
  for (let first = true; ; first = false) {
    try {
      // By ID from the second time on: a rename doesn't lose it, and another server that takes its name isn't it.
      const current = await client.getServer(server?.metadata.id ?? ref);
      server = current;
      away = undefined;
      if (aims.every((aim) => isMet(aim, current))) return current.metadata.name;
      if (aims.some((aim) => isOutOfReach(aim, current))) throw ended(current);
    } catch (error) {
      if (isGone(error) && aims.every((aim) => isMet(aim, undefined))) return server?.metadata.name ?? ref;
      if (first || !isPassing(error)) throw error;
      if (error instanceof ConnectionError) away = error;
    }
    const left = deadline - Date.now();
    if (left <= 0) throw waitedTooLong(server?.metadata.name ?? ref, server, timeoutMs, away);
    await sleep(Math.min(POLL_MS, left));
  }
}

const isGone = (error: unknown): boolean => error instanceof LabError && error.code === 'not-found';

/** labd restarts: what is waited for may still happen. */
const isPassing = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof LabError &&
    ['not-ready', 'database-unavailable', 'too-many-requests'].includes(error.code) &&
    !(error instanceof CliError));

function ended(server: Server): Error {
  const { install } = server.status;
  return failedInstall({
    server: server.metadata.name,
    attempt: install?.attempt,
    state: install?.state === 'cancelled' ? 'cancelled' : 'failed',
    failure: install?.failure ?? null,
    lastLines: [],
  });
}

function waitedTooLong(
  name: string,
  server: Server | undefined,
  timeoutMs: number,
  away: Error | undefined,
): CliError {
  const where = server === undefined ? '' : `: server ${oneLine(name)} is ${oneLine(server.status.phase)}`;
  return new CliError('timed-out', `waited ${ageText(timeoutMs)}${where}`, {
    exitCode: EXIT.timedOut,
    hint: away === undefined ? 'Wait longer with --timeout.' : `labd is away: ${away.message}.`,
  });
}
