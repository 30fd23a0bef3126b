import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError, oneLine, paragraph, programEnvironment } from '@lab/cli-kit';
import { readJoin, readSite, type RunningSite } from './site-files.js';
import type { SiteSettings } from './site.js';

/** The first start fills a database; a small machine that has other things to do is slow. */
const READY_WITHIN_MS = 360_000;

/** Raises what keeps a site from starting in this folder. */
export async function refuseStart(folder: string): Promise<void> {
  const join = await readJoin(folder);
  if (join !== undefined) {
    throw new LabError('environment', `the join of ${folder} with ${oneLine(join.url)} has not ended`, {
      hint: 'Run labctl bastion join again with the same URL and token: it goes on where it was.',
    });
  }
  const running = await readSite(folder);
  if (running === undefined) return;
  if (running.pid !== 0) {
    throw new LabError('exists', `a site runs in ${folder} already (process ${running.pid})`, {
      hint: 'See labctl bastion status, end it with labctl bastion stop, or give another --dir.',
    });
  }
  const left = [running.labd, running.bastion].flatMap((program) => (program === null ? [] : [program.pid]));
  throw new LabError(
    'exists',
    `a start of ${folder} that was killed has left processes running: ${left.join(', ')}`,
    {
      hint: 'End them with labctl bastion stop, then start again.',
    },
  );
}

/** Until somebody asks it to end. */
export async function untilAsked(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve(signal));
  });
}

/** Starts itself again in the background, and waits until all of it is ready. */
export async function startInBackground(folder: string, args: readonly string[]): Promise<RunningSite> {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const logFile = join(folder, 'standalone.log');
  const log = openSync(logFile, 'a', 0o600);
  const { size } = fstatSync(log);
  const [, script = ''] = process.argv;
  const child = spawn(
    process.execPath,
    [script, 'bastion', 'start', '--standalone', '--foreground', '--background', '--dir', folder, ...args],
    { env: programEnvironment({}), stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  const state = { ended: false };
  for (const event of ['exit', 'error']) child.once(event, () => (state.ended = true));
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!state.ended && performance.now() < deadline) {
    const site = await readSite(folder);
    if (site?.pid === child.pid && site?.isReady === true) {
      child.unref();
      return site;
    }
    await sleep(100);
  }
  if (!state.ended) child.kill();
  throw notStarted(logFile, size, state.ended);
}

/** What it said to a person; labctl's own errors begin with `error: `. */
function notStarted(logFile: string, from: number, ended: boolean): LabError {
  const said = readFileSync(logFile)
    .subarray(from)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const hint = said.find((line) => line.startsWith('hint: '))?.slice('hint: '.length);
  const message = said
    .filter((line) => line.startsWith('error: '))
    .map((line) => line.slice('error: '.length))
    .join('\n');
  const why = ended ? 'it ended while it started' : `it is not ready after ${READY_WITHIN_MS / 1000} s`;
  return new LabError('environment', paragraph(message === '' ? `the site did not start: ${why}` : message), {
    hint: hint ?? `Its log is ${logFile}.`,
  });
}

/** What to do now, for who has just started a site. */
export function welcome(
  folder: string,
  settings: SiteSettings,
  urls: { labd: string; bastion: string },
  context: { name: string } | { problem: string },
): string {
  const password = join(folder, 'admin-password');
  const login = `labctl login ${urls.labd} --username admin --password-file ${password}`;
  return `
  labd     ${urls.labd}     API and database
  docs     ${urls.labd}/docs     Swagger UI
  bastion  ${urls.bastion}     DHCP ${settings.serves ?? 'off (--interface NAME serves a network)'}
  folder   ${folder}
  login    admin, first password in ${password}

  ${
    'name' in context
      ? `labctl asks this site now (context "${oneLine(context.name)}"):`
      : `labctl has no context for it (${oneLine(context.problem)}). Log in:\n\n    ${login}\n\n  Then:`
  }

    labctl bastion status        # how it is
    labctl get servers           # machines that were seen: boot one from the network
    labctl provision NAME --os fedora-43 --role worker
    labctl bastion join URL --token-file FILE   # later: a central labd takes all of it over
`;
}

export const emptied = (folder: string): string =>
  folder.startsWith('/tmp/')
    ? `warning: ${folder} is emptied when this machine boots, and with it all that this site knows. Use another folder: --dir /var/lib/lab-bastion, or BASTION_DIR.\n`
    : '';
