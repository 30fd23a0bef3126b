import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runMark } from '@lab/testing';
import { root } from '../../checkout.js';

const LIBEXEC = join(root, 'e2e/vm/test-installer/installer');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'installer-'));
  for (const name of ['work', 'logs', 'sysroot/tmp']) mkdirSync(join(folder, name), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the installer's own functions in bash, with the folders of a machine put under a temporary one. */
function installer(script: string, kickstart = '') {
  writeFileSync(join(folder, 'ks.cfg'), kickstart);
  return spawnSync('bash', ['-c', `. "$LIBEXEC/install.sh"\n${script}`], {
    encoding: 'utf8',
    cwd: folder,
    env: environment(),
    timeout: 200_000,
  });
}

function environment() {
  return {
    ...runMark(),
    PATH: process.env['PATH'],
    LIBEXEC,
    WORK: join(folder, 'work'),
    LOG_DIR: join(folder, 'logs'),
    SCRIPT_DIR: join(folder, 'logs'),
    SYSROOT: join(folder, 'sysroot'),
    CMDLINE: '/dev/null',
  };
}

const log = (name: string) => readFileSync(join(folder, 'logs', name), 'utf8');

describe('the kickstart', () => {
  const read = (kickstart: string, script = '') =>
    installer(`read_kickstart ks.cfg all\n${script}`, kickstart);

  it('is split into words as a shell would, expanding nothing', () => {
    const { stdout } = read(
      `bootloader --append="quiet $HOME 'x'" --timeout 2 # why\n`,
      `show() { option append; echo "|$(option timeout)|$1"; }; each_command show bootloader`,
    );
    expect(stdout).toBe("quiet $HOME 'x'|2|1\n");
  });

  it.each([
    ['an unknown command', 'text\n\nfroggle --x\n', 'line 3', 'Unknown command: froggle'],
    ['an unknown option', 'logvol / --vgname=a --sise=3\n', 'line 1', 'unrecognized arguments: --sise=3'],
    [
      'an option without its value',
      'volgroup\nlogvol / --vgname\n',
      'line 2',
      'argument --vgname: expected one argument',
    ],
    ['an unknown section', '%foo\n%end\n', 'line 1', 'Unknown kickstart section: %foo'],
    ['a section without an end', 'text\n%post\nls\n', 'line 2', 'Section %post does not end with %end.'],
    ['an open quotation', 'bootloader --append="quiet\n', 'line 1', 'No closing quotation'],
    [
      'a missing include',
      '%include /nowhere/disk.ks\n',
      'line 1',
      "No such file or directory: '/nowhere/disk.ks'",
    ],
  ])('is refused for %s, with the line', (_, kickstart, line, message) => {
    const { status, stdout } = read(kickstart, 'echo went on');
    expect(status).toBe(1);
    expect(stdout).toContain(`The following problem occurred on ${line} of the kickstart file:`);
    expect(stdout).toContain(message);
    expect(stdout).not.toContain('went on');
  });

  it('includes what %pre wrote, and does not miss it before', () => {
    const kickstart = `%include ${join('disk.ks')}\n%pre\necho 'zerombr' >disk.ks\n%end\n`;
    const { status, stdout } = installer(
      'read_kickstart ks.cfg pre; run_sections pre; read_kickstart ks.cfg all; has_command zerombr && echo included',
      kickstart,
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'included\n' });
  });

  it('leaves an include inside a script alone', () => {
    const { status } = read('%post\n%include /nowhere\n%end\n');
    expect(status).toBe(0);
  });
});

describe('a section', () => {
  const pre = (options: string, body: string, after = 'echo "went on"') =>
    installer(`read_kickstart ks.cfg pre; run_sections pre; ${after}`, `%pre ${options}\n${body}\n%end\n`);

  it('runs with /bin/sh unless told otherwise', () => {
    pre(`--log=${folder}/out`, 'readlink /proc/$$/exe');
    const shell = spawnSync('sh', ['-c', 'readlink /proc/$$/exe'], { encoding: 'utf8' }).stdout;
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(shell);
  });

  it('has its --log only after it ended', () => {
    const { stdout } = pre(
      `--interpreter=/bin/bash --log=${folder}/out`,
      `echo text; test ! -e '${folder}/out' && touch '${folder}/absent'`,
    );
    expect(stdout).toContain('went on');
    expect(existsSync(join(folder, 'absent'))).toBe(true);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('text\n');
  });

  it('is kept as a script, and its output is in program.log', () => {
    pre('', 'echo from the script');
    expect(log('program.log')).toMatch(/^\d\d:\d\d:\d\d,\d{3} INF program: from the script$/m);
    expect(readdirSync(join(folder, 'logs')).some((name) => /^ks-script-[^.]{8}$/.test(name))).toBe(true);
  });

  it('that fails is only logged without --erroronfail', () => {
    const { stdout } = pre('', 'exit 3');
    expect(stdout).toContain('went on');
    expect(log('anaconda.log')).toContain('Error code 3 running the kickstart script at line 1');
  });

  it('that fails with --erroronfail ends the install, in %pre without %onerror', () => {
    const kickstart = '%pre --erroronfail\necho why; exit 3\n%end\n%onerror\ntouch onerror-ran\n%end\n';
    const { status, stdout } = installer(
      'read_kickstart ks.cfg all; run_sections pre; echo went on',
      kickstart,
    );
    expect(status).toBe(1);
    expect(stdout).toContain('There was an error running the kickstart script at line 1.');
    expect(stdout).toContain('why');
    expect(stdout).not.toContain('went on');
    expect(existsSync(join(folder, 'onerror-ran'))).toBe(false);
  });

  it('that fails later runs %onerror', () => {
    const kickstart = '%pre-install --erroronfail\nexit 3\n%end\n%onerror\ntouch onerror-ran\n%end\n';
    const { status } = installer(
      'read_kickstart ks.cfg all; ONERROR_READY=yes; run_sections pre-install; echo went on',
      kickstart,
    );
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'onerror-ran'))).toBe(true);
  });

  it('with output that is not UTF-8 is an error of the installer itself', () => {
    const { status, stdout } = pre('', "printf 'ok\\n\\377\\n'");
    expect(status).toBe(1);
    expect(stdout).toContain("'utf-8' codec can't decode");
  });

  it('is held by a background child that kept its output open', async () => {
    writeFileSync(
      join(folder, 'ks.cfg'),
      `%pre\nwhile [ ! -e '${folder}/let-go' ]; do sleep 0.05; done &\n%end\n`,
    );
    const script =
      '. "$LIBEXEC/install.sh"; read_kickstart ks.cfg pre; touch running; run_sections pre; touch ended';
    const child = spawn('bash', ['-c', script], { cwd: folder, env: environment(), stdio: 'ignore' });
    const closed = new Promise((resolve) => child.once('close', resolve));
    await until(() => log('program.log').includes('Running... /bin/sh'));
    // The section's shell is gone at once; only its child is left, and the installer waits for it.
    await until(() => spawnSync('pgrep', ['-P', String(child.pid), '-x', 'cat']).status === 0);
    expect(existsSync(join(folder, 'ended'))).toBe(false);
    writeFileSync(join(folder, 'let-go'), '');
    await closed;
    expect(existsSync(join(folder, 'ended'))).toBe(true);
  });
});

describe('a boot argument', () => {
  it('is the last one of its name, "yes" when bare, empty when absent', () => {
    writeFileSync(join(folder, 'cmdline'), 'quiet inst.ks=a inst.cmdline inst.ks=b');
    const { stdout } = installer(
      'CMDLINE=cmdline; for name in inst.ks inst.cmdline inst.repo; do echo "$(boot_argument $name)."; done',
    );
    expect(stdout).toBe('b.\nyes.\n.\n');
  });
});

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 200_000;
  while (!attempt(condition)) {
    if (Date.now() > deadline) throw new Error(`not so after 200 s: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function attempt(condition: () => boolean): boolean {
  try {
    return condition();
  } catch {
    return false; // a file that isn't there yet
  }
}
