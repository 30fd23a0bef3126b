import * as Flags from '@oclif/core/flags';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import {
  CliError,
  ConnectionError,
  EXIT,
  LabCommand,
  ageText,
  failedInstall,
  oneLine,
  parseDuration,
  textAt,
  usageError,
} from '@lab/cli-kit';
import type { LabClient, Server } from '@lab/cli-kit';
import { isMet, isOutOfReach, parseAim } from '../wait-aim.js';
import type { Aim } from '../wait-aim.js';

const POLL_MS = 1000;

export default class WaitCommand extends LabCommand {
  static override summary = 'Wait until a resource is as it should be, or is gone';
  static override description =
    'Ends with exit code 0 when every --for is met, 5 after the time-out, 6 as soon as a server has failed and --for=phase=installed can not come true.';
  static override usage = [
    'wait TYPE/NAME… --for=CONDITION [--timeout DURATION]',
    'wait TYPE NAME… --for=CONDITION',
  ];
  static override examples = [
    '<%= config.bin %> wait server/node1 --for=phase=installed --timeout=30m',
    '<%= config.bin %> wait server/node1 --for=condition=Stuck=False',
    "<%= config.bin %> wait bastion/site-a --for=jsonpath='{.status.link}'=up",
    '<%= config.bin %> wait server/node1 --for=delete',
  ];
  static override strict = false;
  static override flags = {
    for: Flags.string({
      description: 'what to wait for; given several times, all of it',
      helpValue: 'phase=PHASE|condition=TYPE[=VALUE]|jsonpath=PATH[=VALUE]|delete',
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
    const selections = await this.selections(argv.map(String), 'get', () => lab);
    const targets = selections.flatMap(({ kind, refs }) => {
      if (refs.length === 0)
        throw usageError(
          `wait for which ${kind.singular}?`,
          `Write labctl wait ${kind.singular}/NAME --for=….`,
        );
      if (kind.kind !== 'Server' && aims.some(({ type }) => type === 'phase'))
        throw usageError(`a ${kind.singular} has no phase`, "Wait for --for=jsonpath='{.status.…}'=VALUE.");
      return refs.map((ref) => ({ kind, ref }));
    });
    const { client } = await lab;
    const terminal = this.terminal(flags);
    const deadline = Date.now() + timeoutMs;
    for (const { kind, ref } of targets) {
      const name = await new Waiting(client, kind, aims, timeoutMs).until(ref, deadline);
      terminal.out(`${kind.singular}/${oneLine(name)} condition met\n`);
    }
  }
}

/** Looks at a resource until it is as aimed for. */
class Waiting {
  constructor(
    private readonly client: LabClient,
    private readonly kind: PrintedKind,
    private readonly aims: readonly Aim[],
    private readonly timeoutMs: number,
  ) {}

  /** The resource's name, once all aims are met. */
  async until(ref: string, deadline: number): Promise<string> {
    let last: unknown;
    let away: ConnectionError | undefined;
    const name = (): string => textAt(last, 'metadata.name') ?? ref;
    for (let first = true; ; first = false) {
      try {
        // By ID from the second time on: a rename doesn't lose it, and another one that takes its name isn't it.
        const current = await this.client.resource(this.kind, textAt(last, 'metadata.id') ?? ref);
        last = current;
        away = undefined;
        if (this.aims.every((aim) => isMet(aim, current))) return name();
        if (this.aims.some((aim) => isOutOfReach(aim, current))) throw ended(current as Server);
      } catch (error) {
        if (isGone(error) && this.aims.every((aim) => isMet(aim, undefined))) return name();
        if (first || !isPassing(error)) throw error;
        if (error instanceof ConnectionError) away = error;
      }
      const left = deadline - Date.now();
      if (left <= 0) throw this.#waitedTooLong(name(), last, away);
      await sleep(Math.min(POLL_MS, left));
    }
  }

  #waitedTooLong(name: string, last: unknown, away: Error | undefined): CliError {
    const phase = textAt(last, 'status.phase');
    const where = phase === undefined ? '' : `: ${this.kind.singular} ${oneLine(name)} is ${oneLine(phase)}`;
    return new CliError('timed-out', `waited ${ageText(this.timeoutMs)}${where}`, {
      exitCode: EXIT.timedOut,
      hint: away === undefined ? 'Wait longer with --timeout.' : `labd is away: ${away.message}.`,
    });
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
