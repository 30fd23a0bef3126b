import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseMac, type MacAddress } from '@lab/domain';
import type { InstallPlan, ServerPlan } from '@lab/protocol';
import { pino } from 'pino';
import { loadConfig, type BastionSettings } from '../src/config.js';
import { startBastion, type RunningBastion } from '../src/start-bastion.js';

/** A folder of its own under the system's temporary one. */
export async function temporaryFolder(): Promise<{
  path: string;
  [Symbol.asyncDispose]: () => Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'lab-bastion-spec-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Nothing listens there: a labd that is away. */
export const NO_LABD = 'http://127.0.0.1:1';

export const configIn = (folder: string, env: Record<string, string> = {}): BastionSettings =>
  loadConfig({
    ...{ BASTION_DIR: folder, BASTION_PORT: '0', BASTION_LOG_LEVEL: 'silent', LABD_URL: NO_LABD },
    ...env,
  });

/** A bastion on a free port, that logs nothing. */
export const startIn = (folder: string, env: Record<string, string> = {}): Promise<RunningBastion> =>
  startBastion(configIn(folder, env), { log: pino({ level: 'silent' }) });

export const operatorToken = async (folder: string): Promise<string> =>
  (await readFile(join(folder, 'operator-token'), 'utf8')).trim();

export function macOf(text: string): MacAddress {
  const parsed = parseMac(text);
  if (parsed === undefined) throw new Error(`not a MAC address: ${text}`);
  return parsed;
}

export const installPlan = (over: Partial<InstallPlan> = {}): InstallPlan => ({
  installId: randomUUID(),
  attempt: 1,
  state: 'queued',
  profile: 'fedora-43',
  role: 'worker',
  hostname: 'node1',
  disk: {},
  allowErase: false,
  layout: null,
  sshKeys: [],
  users: [],
  caCertificates: [],
  interfaces: [],
  bootOrder: null,
  ...over,
});

/** A server that is to be installed. */
export const serverPlan = (mac: string, over: Partial<ServerPlan> = {}): ServerPlan => ({
  serverId: randomUUID(),
  name: 'node1',
  phase: 'provisioning',
  macs: [macOf(mac)],
  uuid: null,
  serial: null,
  confirmed: true,
  action: 'install',
  install: installPlan(),
  ...over,
});
