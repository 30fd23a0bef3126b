import { spawn } from 'node:child_process';
import { chown, mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMark } from '@lab/testing';
import { loadAssets, type BastionAssets } from '../../src/kickstart/assets.loader.js';
import {
  renderInstallKickstart,
  type InstallKickstartInput,
} from '../../src/kickstart/install-kickstart.renderer.js';
import { sectionsOf } from '../../src/kickstart/kickstart-sections.js';

export const ASSETS = fileURLToPath(new URL('../../../../bastion-assets', import.meta.url));
export const TOKEN = 'T0ken_of-this-install_0123456789abcdefghijk';

let loaded: Promise<BastionAssets> | undefined;
export const assets = (): Promise<BastionAssets> => (loaded ??= loadAssets(ASSETS));

export const installInput = (
  bastionUrl: string,
  change: Partial<InstallKickstartInput> = {},
): InstallKickstartInput => ({
  bastionUrl,
  reportToken: TOKEN,
  installId: '4c4c4544-0051-4d10-8052-b7c04f4e4d31',
  server: 'node1',
  mac: '52:54:00:12:34:56',
  hostname: 'node1',
  profile: 'fedora-43',
  role: 'worker',
  disk: {},
  allowErase: false,
  ...change,
});

/** The text of a rendered section, by its opening and its number among those. */
export async function section(opener: string, input: InstallKickstartInput, index = 0): Promise<string> {
  const found = sectionsOf(renderInstallKickstart(await assets(), input)).filter(({ opener: line }) =>
    line.startsWith(`${opener} `),
  )[index];
  if (found === undefined) throw new Error(`no section ${opener} ${index}`);
  return found.body;
}

const LAST_PRELUDE_LINE = /^lab_begin .*_lab_line0=\$LINENO\n/m;

/** A rendered section whose own text is `body`. */
export async function sectionWith(
  opener: string,
  body: string,
  input: InstallKickstartInput,
  index = 0,
): Promise<string> {
  return withBody(await section(opener, input, index), body);
}

/** A rendered section's text with another body behind its prelude. */
export function withBody(text: string, body: string): string {
  const match = LAST_PRELUDE_LINE.exec(text);
  if (match === null) throw new Error('the section has no prelude');
  return text.slice(0, match.index + match[0].length) + body;
}

export interface SectionEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What reached the installer's pipe. */
  output: string;
}

/** What `%post` calls of the installed system and a test must not run. */
export const SYSTEM_PROGRAMS = [
  'useradd',
  'usermod',
  'firewall-offline-cmd',
  'chown',
  'restorecon',
  'systemctl',
  'update-ca-trust',
];

/** A machine's file system for sections: `tmp` is the installer's /tmp, `root` the target's root. */
export class SectionMachine implements AsyncDisposable {
  readonly #pids = new Set<number>();

  private constructor(readonly folder: string) {}

  static async create(): Promise<SectionMachine> {
    const machine = new SectionMachine(await mkdtemp(join(tmpdir(), 'lab-section-')));
    for (const dir of ['tmp', 'sysroot/tmp', 'bin', 'sys/firmware', 'dev/disk/by-id']) {
      await mkdir(join(machine.folder, dir), { recursive: true });
    }
    await machine.nic('ens3', installInput('').mac);
    // The machine that the tests run on has memory modules of its own.
    await machine.program('dmidecode', 'exit 1');
    await machine.program('restart-now', `date +%s.%N >>${machine.path('restarts')}`);
    return machine;
  }

  /** A NIC, as the kernel shows it. */
  async nic(name: string, address: string): Promise<void> {
    await this.put(`sys/class/net/${name}/address`, `${address}\n`);
    await mkdir(this.path('sys/class/net', name, 'device'), { recursive: true });
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  async put(path: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(join(this.path(path), '..'), { recursive: true });
    await writeFile(this.path(path), text, { mode });
  }

  read(path: string): Promise<string> {
    return readFile(this.path(path), 'utf8');
  }

  /** A program in front of the real ones. */
  program(name: string, script: string): Promise<void> {
    return this.put(`bin/${name}`, `#!/bin/bash\n${script}\n`, 0o755);
  }

  /** What a section finds in its environment here, instead of on a machine. */
  environment(env: Record<string, string> = {}): Record<string, string> {
    return {
      PATH: `${this.path('bin')}:/usr/sbin:/usr/bin:/sbin:/bin:${process.env['PATH'] ?? ''}`,
      LC_ALL: 'C',
      LAB_TMP: this.path('tmp'),
      LAB_ROOT: this.path('sysroot'),
      LAB_SYSROOT: this.path('sysroot'),
      LAB_SYS: this.path('sys'),
      LAB_DEV: this.path('dev'),
      LAB_TICK_SECONDS: '0.05',
      LAB_RETRY_SECONDS: '0.01',
      LAB_GATE_SECONDS: '1',
      // A section that fails restarts the machine.
      LAB_REBOOT: this.path('bin/restart-now'),
      LAB_OUTSIDE: this.path('tmp/lab'),
      LAB_FAILED_SECONDS: '10',
      ...runMark(),
      ...env,
    };
  }

  /** Runs a script as Anaconda does: its output is a pipe that is read to its end. */
  async run(
    script: string,
    env: Record<string, string> = {},
    signal?: { send: NodeJS.Signals; when: Promise<void> },
    as?: { uid: number; gid: number },
  ): Promise<SectionEnd> {
    const file = this.path('tmp', `ks-script-${Math.random().toString(36).slice(2, 10)}`);
    await writeFile(file, script, { mode: 0o700 });
    if (as !== undefined) await chown(file, as.uid, as.gid);
    const child = spawn('bash', [file], {
      ...as,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: this.environment(env),
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data));
    child.stderr.on('data', (data: Buffer) => output.push(data));
    void signal?.when.then(() => child.kill(signal.send));
    const end = await new Promise<Pick<SectionEnd, 'code' | 'signal'>>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, by) => resolve({ code, signal: by }));
    });
    return { ...end, output: Buffer.concat(output).toString() };
  }

  /** How often the machine was restarted. */
  async restarts(): Promise<number> {
    const text = await this.read('restarts').catch(() => '');
    return text.split('\n').filter((line) => line !== '').length;
  }

  /** The streamer of the installer's environment, if one runs. */
  async streamer(): Promise<number | undefined> {
    try {
      const pid = Number(await this.read('tmp/lab/streamer'));
      this.#pids.add(pid);
      process.kill(pid, 0);
      return pid;
    } catch {
      return undefined;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.streamer();
    for (const pid of this.#pids) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.includes(this.folder)) process.kill(pid, 'SIGKILL');
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
