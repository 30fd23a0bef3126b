import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LabError } from '@lab/domain';

/**
 * As whom PostgreSQL runs: it refuses to be root.
 *
 * - `self`: we aren't root.
 * - `user`: root starts it as somebody without rights, who owns the data.
 * - `namespace`: root starts it in a user namespace, where root's own files belong to a user with another number. Works
 *   where nobody else may enter the folder (`/root`), and where we are "root" of a namespace with no other user.
 */
export type RunAs =
  | { kind: 'self' }
  | { kind: 'user'; uid: number; gid: number }
  | { kind: 'namespace'; uid: number; gid: number };

export interface Command {
  file: string;
  args: string[];
  ids: { uid?: number; gid?: number };
}

/** How to start a program as that user; exec'ed in place, so that the child's PID is the program's. */
export function commandAs(runAs: RunAs, program: string, args: readonly string[]): Command {
  if (runAs.kind === 'namespace') {
    const map = ['--user', `--map-user=${String(runAs.uid)}`, `--map-group=${String(runAs.gid)}`];
    return { file: 'unshare', args: [...map, '--', program, ...args], ids: {} };
  }
  const ids = runAs.kind === 'user' ? { uid: runAs.uid, gid: runAs.gid } : {};
  return { file: program, args: [...args], ids };
}

/** The user who owns the data under `runAs`, or undefined if that is whoever made it. */
export function ownerUnder(runAs: RunAs): { uid: number; gid: number } | undefined {
  if (runAs.kind === 'user') return { uid: runAs.uid, gid: runAs.gid };
  return runAs.kind === 'namespace' ? { uid: 0, gid: 0 } : undefined;
}

/**
 * Chooses as whom to run. `owner` is who owns the data that is there already. Throws LabError `environment` when we are
 * root and there is no way to be somebody else.
 */
export function chooseRunAs(
  program: string,
  folder: string,
  owner: { uid: number; gid: number } | undefined,
): RunAs {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const nobody = unprivilegedUser();
  const user = owner !== undefined && owner.uid !== 0 ? owner : nobody;
  const asUser: RunAs = { kind: 'user', ...user };
  if (mayEnter(folder, user) && whyNot(asUser, program) === undefined) return asUser;
  const inNamespace: RunAs = { kind: 'namespace', ...nobody };
  const why = whyNot(inNamespace, program);
  if (why === undefined) return inNamespace;
  throw new LabError(
    'environment',
    `PostgreSQL can't run as root, no other user can run it in ${folder}, and there are no user namespaces here (${why})`,
    {
      hint: 'Run as an ordinary user, or set LAB_HOME to a folder that others may enter such as /var/lib/lab, or set DATABASE_URL.',
    },
  );
}

const SHORT_MS = 60_000;

/** What keeps the program from running so; undefined if it runs. */
function whyNot(runAs: RunAs, program: string): string | undefined {
  const { file, args, ids } = commandAs(runAs, program, ['--version']);
  const { status, error, stderr } = spawnSync(file, args, {
    ...ids,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: SHORT_MS,
  });
  if (status === 0) return undefined;
  const [line = ''] = (error?.message ?? stderr).split('\n');
  return line === '' ? `${file} ended with ${String(status)}` : line.slice(0, 200);
}

/** `nobody`, else the first user who isn't root. initdb wants one that has a name. */
function unprivilegedUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((user) => user.uid > 0 && user.gid > 0);
  const { uid, gid } = users.find((user) => user.name === 'nobody') ??
    users[0] ?? { uid: 65_534, gid: 65_534 };
  return { uid, gid };
}

/** Whether that user may pass every folder on the way. Ignores ACLs: then the other way is taken, which works too. */
function mayEnter(folder: string, user: { uid: number; gid: number }): boolean {
  for (let path = folder; ; path = dirname(path)) {
    const { mode, uid, gid } = statSync(path);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (path === dirname(path)) return true;
  }
}
