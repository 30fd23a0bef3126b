import type { InstallState } from '@lab/domain';
import { isActive } from '@lab/domain';
import type { LabClient } from '../api/lab-client.js';
import { CliError, EXIT } from '../cli-error.js';
import { ageText } from '../output/quantities.js';
import type { Terminal } from '../terminal/terminal.js';
import { watchConditions } from './condition-watch.js';
import { failedInstall } from './install-outcome.js';
import { followInstall } from './install-follower.js';
import { progressView } from './progress-view.js';
import { StageBoard } from './stage-board.js';

export interface AwaitedInstall {
  /** Name of the server, for messages. */
  server: string;
  /** Its ID, which stays when it is renamed. */
  serverId: string;
  attempt: number;
  /** Milliseconds. */
  timeoutMs: number;
}

/** Shows the install's stages until it has succeeded. Raises exit 6 if it ends otherwise, exit 5 after the time-out. */
export async function awaitInstall(
  client: LabClient,
  terminal: Terminal,
  install: AwaitedInstall,
): Promise<void> {
  const board = new StageBoard();
  const view = progressView(terminal, install.server, board);
  const signal = AbortSignal.timeout(install.timeoutMs);
  const stopWatching = watchConditions(client, install.serverId, (texts) => {
    view.conditions(texts);
  });
  if (terminal.live) void usualSeconds(client, install).then((known) => (board.usualSeconds = known));
  let ended: InstallState | undefined;
  try {
    for await (const event of followInstall(client, install.serverId, {
      install: install.attempt,
      tail: 20,
      signal,
    })) {
      view.changed(event, board.apply(event));
      if (event.type === 'state' && !isActive(event.state)) ended = event.state;
    }
  } catch (error) {
    if (signal.aborted) throw waitedTooLong(install, board.state);
    throw error;
  } finally {
    stopWatching();
    view.close();
  }
  if (ended === 'succeeded') return;
  throw failedInstall({
    server: install.server,
    attempt: install.attempt,
    state: ended ?? board.state,
    failure: board.failure,
    lastLines: board.lastLines,
  });
}

/** What past installs took, by stage. The view does without: a labd that can't say it is no reason to show less. */
async function usualSeconds(
  client: LabClient,
  { server, attempt }: AwaitedInstall,
): Promise<ReadonlyMap<string, number>> {
  try {
    const { stages } = await client.install(`${server}-${attempt}`);
    const known = stages?.filter(({ usualSeconds = 0 }) => usualSeconds > 0) ?? [];
    return new Map(known.map(({ name, usualSeconds = 0 }) => [name, usualSeconds]));
  } catch {
    return new Map();
  }
}

const waitedTooLong = (install: AwaitedInstall, state: InstallState): CliError =>
  new CliError(
    'timed-out',
    `the install of ${install.server} is ${state} after ${ageText(install.timeoutMs)}`,
    {
      exitCode: EXIT.timedOut,
      hint: `It goes on; watch it with labctl logs ${install.server} -f.`,
    },
  );
