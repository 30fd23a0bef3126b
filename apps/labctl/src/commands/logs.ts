import * as Flags from '@oclif/core/flags';
import { LabError, STAGE_NAMES, isActive, isStageName } from '@lab/domain';
import {
  BUNDLED_KINDS,
  LabCommand,
  StageBoard,
  awaitInstall,
  conditionText,
  failedInstall,
  failureCause,
  failureEvidence,
  followInstall,
  logText,
  oneLine,
  parseDuration,
  parseServerRef,
  similarTo,
  stageChange,
  usageError,
  watchConditions,
} from '@lab/cli-kit';
import type { LabClient, LogLine, LogQuery, PagedOutput, Terminal } from '@lab/cli-kit';

/** No install takes longer: 24 days, which is what a timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

export default class LogsCommand extends LabCommand {
  static override summary = "Print the log of a server's install";
  static override description = `Lines go to stdout, notices about stages to stderr.
With -f the command ends with the install: exit code 0 if it succeeded, 6 if not, with the cause. That an install is stuck is said on stderr, too.`;
  static override usage = 'logs SERVER [-f [--stages]] [--tail N] [--install N] [--stage STAGE]';
  static override examples = [
    '<%= config.bin %> logs node1 -f',
    '<%= config.bin %> logs node1 --install 2 --stage disk',
  ];
  static override strict = false;
  static override flags = {
    follow: Flags.boolean({ char: 'f', description: 'go on until the install has ended' }),
    stages: Flags.boolean({
      description: 'with -f: the stages instead of the lines, as provision --wait shows them',
      dependsOn: ['follow'],
    }),
    tail: Flags.integer({ description: 'only the last lines', helpValue: 'N', min: 0 }),
    install: Flags.integer({
      description: 'which install, counted from 1; else the newest',
      helpValue: 'N',
      min: 1,
    }),
    stage: Flags.string({ description: 'only lines of this stage', helpValue: 'STAGE' }),
    since: Flags.string({ description: 'only lines that are not older', helpValue: 'DURATION' }),
    timestamps: Flags.boolean({ description: 'the time before each line' }),
  };

  override async run(): Promise<void> {
    const { argv, flags } = await this.parse(LogsCommand);
    const ref = parseServerRef(argv.map(String), BUNDLED_KINDS, 'logs');
    const query = { install: flags.install, tail: flags.tail, stage: stageOf(flags.stage) };
    const since = flags.since === undefined ? 0 : Date.now() - parseDuration(flags.since, '--since');
    const shown: LineOptions = { since, timestamps: flags.timestamps };
    const terminal = this.terminal(flags);
    const { client } = await this.lab(flags);
    if (flags.stages) {
      await showStages(client, terminal, ref, flags.install);
      return;
    }
    await (flags.follow
      ? follow(client, terminal, ref, query, shown)
      : print(client, terminal, this.paged(terminal), ref, query, shown));
  }
}

/** The live view of an install that somebody else has started; ends with it. */
async function showStages(
  client: LabClient,
  terminal: Terminal,
  ref: string,
  install: number | undefined,
): Promise<void> {
  const { metadata, status } = await client.getServer(ref);
  const attempt = install ?? status.install?.attempt;
  if (attempt === undefined) {
    throw new LabError('not-found', `${metadata.name} has no install yet`, {
      hint: 'Begin one with labctl provision.',
    });
  }
  await awaitInstall(client, terminal, {
    server: metadata.name,
    serverId: metadata.id,
    attempt,
    timeoutMs: LONGEST_MS,
  });
}

async function print(
  client: LabClient,
  terminal: Terminal,
  output: PagedOutput,
  ref: string,
  query: LogQuery,
  shown: LineOptions,
): Promise<void> {
  let count = 0;
  let attempt: number | undefined;
  try {
    for await (const page of client.logPages(ref, query)) {
      attempt = page.install.attempt;
      if (!(await output.write(linesText(page.lines, shown)))) break;
      count += page.lines.length;
      if (page.next === null && count === 0 && query.tail !== 0) {
        const which = query.stage === undefined ? '' : ` of the stage ${query.stage}`;
        terminal.note(
          `No log lines${which} in install ${page.install.attempt} (${oneLine(page.install.state)}).\n`,
        );
      }
    }
  } finally {
    await output.end();
  }
  const { status } = await client.getServer(ref);
  if (status.install === null || status.install.attempt !== attempt) return;
  for (const condition of status.conditions) terminal.note(`-- ${conditionText(condition)}\n`);
  const { failure } = status.install;
  if (failure === null) return;
  terminal.note(`-- the install failed${failureCause(failure)}\n`);
  // The last lines were printed just now.
  for (const line of failureEvidence({ ...failure, lastLines: [] })) terminal.note(`--   ${line}\n`);
}

async function follow(
  client: LabClient,
  terminal: Terminal,
  ref: string,
  query: LogQuery,
  shown: LineOptions,
): Promise<void> {
  const board = new StageBoard();
  const { signal } = new AbortController();
  const { after, ...rest } = await printedTail(client, terminal, ref, query, shown);
  const told = new Set<string>();
  let state: string | undefined;
  const stopWatching = watchConditions(client, ref, (texts) => {
    for (const text of texts) if (!told.has(text)) terminal.note(`-- ${text}\n`);
    for (const text of texts) told.add(text);
  });
  try {
    for await (const event of followInstall(client, ref, { ...rest, signal })) {
      const moved = board.apply(event);
      if (event.type === 'log') {
        const wanted = query.stage === undefined || event.line.stage === query.stage;
        if (wanted && event.line.number > after) terminal.out(linesText([event.line], shown));
      } else if (event.type === 'stage') {
        if (event.stage.state !== 'pending' && moved) terminal.note(`-- ${stageChange(event.stage)}\n`);
      } else if (event.state !== state) {
        // A cause that is stated anew comes as a state, too.
        state = event.state;
        terminal.note(`-- install ${state}\n`);
      }
    }
  } finally {
    stopWatching();
  }
  if (board.state === 'succeeded' || isActive(board.state)) return;
  throw failedInstall({
    server: ref,
    attempt: query.install,
    state: board.state,
    failure: board.failure,
    // They were printed just now.
    lastLines: [],
  });
}

/**
 * The event stream counts `tail` over all stages. For the last lines of one stage they are printed here, and what comes up to
 * line `after` is then left out.
 */
async function printedTail(
  client: LabClient,
  terminal: Terminal,
  ref: string,
  query: LogQuery,
  shown: LineOptions,
): Promise<{ after: number; install: number | undefined; tail: number | undefined }> {
  if (query.stage === undefined || query.tail === undefined) {
    return { after: 0, install: query.install, tail: query.tail };
  }
  let after = 0;
  let install = query.install;
  for await (const page of client.logPages(ref, query)) {
    terminal.out(linesText(page.lines, shown));
    after = Math.max(after, page.logTotal);
    install = page.install.attempt;
  }
  return { after, install, tail: undefined };
}

function stageOf(text: string | undefined): string | undefined {
  if (text === undefined || isStageName(text)) return text;
  const similar = similarTo(text, STAGE_NAMES);
  throw usageError(
    `--stage: there is no stage "${oneLine(text)}"`,
    `${similar.length > 0 ? `Did you mean ${similar.join(' or ')}? ` : ''}Stages: ${STAGE_NAMES.join(', ')}.`,
  );
}

interface LineOptions {
  /** Milliseconds since the epoch; older lines are left out. */
  since: number;
  timestamps: boolean;
}

const linesText = (lines: readonly LogLine[], { since, timestamps }: LineOptions): string =>
  lines
    .filter(({ at }) => Date.parse(at) >= since)
    .map(({ at, text }) => `${timestamps ? `${oneLine(at)} ` : ''}${logText(text)}\n`)
    .join('');
