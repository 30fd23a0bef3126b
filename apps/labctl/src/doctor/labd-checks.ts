import { connect as tlsConnect } from 'node:tls';
import { ConnectionError, ageText, findingOf, found, textAt } from '@lab/cli-kit';
import type { Connection, Finding, LabClient } from '@lab/cli-kit';

const MOST_CLOCK_MS = 30_000;
const DAY_MS = 86_400_000;
const CERTIFICATE_DAYS = 14;

/** Can labd be reached, is it well, and who are we to it. */
export async function* labdChecks(connection: Connection): AsyncGenerator<Finding> {
  const { client } = connection;
  const reached = yield* reach(client);
  if (!reached) {
    for (const check of ['labd', 'login', 'bastions']) yield found.skipped(check, 'labd is not reached');
    return;
  }
  yield await readiness(client);
  const login = await whoIs(client);
  yield login;
  if (login.status === 'ok') yield* bastions(client);
  else yield found.skipped('bastions', 'you are not logged in');
}

async function* reach(client: LabClient): AsyncGenerator<Finding, boolean> {
  try {
    const { date } = await client.probe('/healthz');
    yield found.ok('connection', `${client.server} answers`);
    if (client.server.startsWith('https:')) yield await certificate(new URL(client.server));
    if (date !== undefined) yield clock(Date.now() - date.getTime());
    return true;
  } catch (error) {
    const names = { unresolved: 'dns', tls: 'tls' } as const;
    const problem = error instanceof ConnectionError ? error.problem : 'refused';
    yield findingOf(problem === 'unresolved' || problem === 'tls' ? names[problem] : 'connection', error);
    return false;
  }
}

function clock(differenceMs: number): Finding {
  const by = ageText(Math.abs(differenceMs));
  if (Math.abs(differenceMs) <= MOST_CLOCK_MS) return found.ok('clock', 'agrees with labd');
  const which = differenceMs > 0 ? 'ahead of' : 'behind';
  return found.warning(
    'clock',
    `this machine is ${by} ${which} labd`,
    'Set the clocks by NTP: timedatectl set-ntp true.',
  );
}

async function certificate({ hostname, port }: URL): Promise<Finding> {
  try {
    const until = await new Promise<Date>((resolve, reject) => {
      const socket = tlsConnect(
        { host: hostname, port: Number(port === '' ? '443' : port), servername: hostname, timeout: 10_000 },
        () => {
          resolve(new Date(socket.getPeerCertificate().valid_to));
          socket.destroy();
        },
      );
      socket.once('error', reject);
      socket.once('timeout', () => socket.destroy(new Error('no answer')));
    });
    const days = Math.floor((until.getTime() - Date.now()) / DAY_MS);
    return days < CERTIFICATE_DAYS
      ? found.warning('tls', `labd's certificate ends in ${days} days`, 'Renew it before it does.')
      : found.ok('tls', `labd's certificate is good for ${days} days`);
  } catch (error) {
    return findingOf('tls', error);
  }
}

async function readiness(client: LabClient): Promise<Finding> {
  try {
    const { status, text } = await client.probe('/readyz');
    if (status === 200) return found.ok('labd', 'ready, and its database answers');
    const problem = parsed(text);
    return found.failed(
      'labd',
      textAt(problem, 'detail') ?? `not ready (HTTP ${status})`,
      textAt(problem, 'hint') ?? 'Look at its log.',
    );
  } catch (error) {
    return findingOf('labd', error);
  }
}

async function whoIs(client: LabClient): Promise<Finding> {
  try {
    const { username, roles } = await client.whoami();
    return found.ok('login', `${username} (${roles.join(', ') || 'no role'})`);
  } catch (error) {
    return findingOf('login', error);
  }
}

/** The first page will do: whoever has more bastions than that has other means. */
async function* bastions(client: LabClient): AsyncGenerator<Finding> {
  try {
    for await (const page of client.pages('bastions')) {
      if (page.length === 0)
        yield found.warning(
          'bastions',
          'there is none',
          'Make a join token with labctl create token, and start a bastion with it.',
        );
      for (const bastion of page) yield link(bastion);
      return;
    }
  } catch (error) {
    yield findingOf('bastions', error);
  }
}

function link(bastion: unknown): Finding {
  const name = textAt(bastion, 'metadata.name') ?? '<unknown>';
  const state = textAt(bastion, 'status.link');
  if (state === 'up' || state === 'connected') return found.ok('bastions', `${name} is connected`);
  return found.failed(
    'bastions',
    `${name} is not connected`,
    `Look at the bastion's log at the site; its installs go on, and it tells of them later. See labctl describe bastion ${name}.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
