import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalLab } from '@lab/local-lab';
import { root } from './checkout.js';
import type { ServerResource } from './resources.js';

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder may have any name, which every scenario proves that doesn't choose another. */
const ODD_NAME = `it's "a" lab 100% ü #1 `;

/** As much of an install tree as a bastion looks for; simulated machines load none of it. */
export function layTree(bastionDir: string, profile: string): void {
  const tree = join(bastionDir, 'assets', profile);
  for (const file of [
    'images/pxeboot/vmlinuz',
    'images/pxeboot/initrd.img',
    'images/install.img',
    'repodata/repomd.xml',
  ]) {
    mkdirSync(dirname(join(tree, file)), { recursive: true, mode: 0o755 });
    writeFileSync(join(tree, file), '');
  }
}

/** Beside programs that aren't ours: QEMU takes 107 bytes for the path of a socket. */
export const PLAIN_NAME = 'lab-e2e-';

/** labd, a bastion and labctl as users have them: built programs, a folder of their own, free ports. */
export class LabUnderTest {
  readonly home: string;
  readonly lab: LocalLab;
  /** Of labctl and both programs. */
  readonly env: NodeJS.ProcessEnv;
  #token: string | undefined;

  private constructor(home: string, labdPort: number, bastionPort: number, env: NodeJS.ProcessEnv) {
    this.home = home;
    this.env = { ...process.env, NODE_OPTIONS: '', ...env, LABCTL_CONFIG: join(home, 'labctl.yaml') };
    this.lab = new LocalLab({ root, home, labdPort, bastionPort, env: this.env });
  }

  /** A lab in a new folder, nothing started. */
  static async create(env: NodeJS.ProcessEnv = {}, name = ODD_NAME): Promise<LabUnderTest> {
    const home = mkdtempSync(join(tmpdir(), name));
    const made = new LabUnderTest(home, await freePort(), await freePort(), env);
    layTree(made.lab.bastionDir, 'fedora-43');
    return made;
  }

  /** Both programs, ready, with labctl logged in. */
  async start(): Promise<void> {
    await this.lab.startLabd();
    await this.lab.startBastion();
    const login = [
      'login',
      this.lab.labdUrl,
      '--username',
      'admin',
      '--password-file',
      this.lab.passwordFile,
    ];
    const { code, stderr } = await this.labctl(...login);
    if (code !== 0) throw new Error(`labctl login failed: ${stderr}`);
  }

  async stop(): Promise<void> {
    await this.lab.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  /** GET of labd's API as the administrator; undefined is a 404. For what is asked again and again: labctl costs a process. */
  async get<T>(path: string): Promise<T | undefined> {
    const response = await this.request(path);
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** A request to labd's API as the administrator. */
  async request(path: string, init: { method?: string; body?: object } = {}): Promise<Response> {
    this.#token ??= await this.#login();
    return fetch(`${this.lab.labdUrl}/api/v1${path}`, {
      method: init.method ?? 'GET',
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
    });
  }

  /** Waits until the server with that MAC is in that phase. An install that fails meanwhile ends the wait with its cause. */
  serverIn(phase: string, mac: string, withinMs = 120_000): Promise<ServerResource> {
    return eventually(
      `${mac} is ${phase}`,
      async () => {
        const server = await this.get<ServerResource>(`/servers/${mac}`);
        if (phase !== 'failed' && server?.status.phase === 'failed') {
          throw new Error(`the install failed: ${JSON.stringify(server.status.install)}`);
        }
        return server?.status.phase === phase ? server : undefined;
      },
      withinMs,
    );
  }

  async #login(): Promise<string> {
    const password = readFileSync(this.lab.passwordFile, 'utf8').trim();
    const response = await fetch(`${this.lab.labdUrl}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    return ((await response.json()) as { accessToken: string }).accessToken;
  }

  labctl(...args: string[]): Promise<CommandResult> {
    return this.startLabctl(args).result;
  }

  /** Starts labctl; its output so far can be looked at while it runs. */
  startLabctl(args: readonly string[]): {
    result: Promise<CommandResult>;
    output: () => string;
    interrupt: () => void;
  } {
    const child = spawn(process.execPath, [join(root, 'apps/labctl/bin/run.js'), ...args], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const seen: CommandResult = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.stderr += text));
    const result = new Promise<CommandResult>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ ...seen, code }));
    });
    return { result, output: () => seen.stdout + seen.stderr, interrupt: () => void child.kill('SIGINT') };
  }

  /** `labctl … -o json`, parsed. */
  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.labctl(...args, '-o', 'json');
    if (code !== 0) throw new Error(`labctl ${args.join(' ')} exited ${code ?? 'by a signal'}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }
}

/** Waits for a condition, not for time: asks again until it says something, and says what was awaited if it never does. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await delay(250);
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
