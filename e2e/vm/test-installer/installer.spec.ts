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
import { packagingTools } from './media/packaging-tools.js';

const LIBEXEC = join(root, 'e2e/vm/test-installer/installer');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'installer-'));
  for (const name of ['work', 'logs', 'sysroot/tmp']) mkdirSync(join(folder, name), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the installer's own functions in bash, with the folders of a machine put under a temporary one. */
function installer(script: string, kickstart = '', env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'ks.cfg'), kickstart);
  return spawnSync('bash', ['-c', `. "$LIBEXEC/install.sh"\n${script}`], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...environment(), ...env },
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
    SCRIPT_PATH: process.env['PATH'],
    CONSOLE: '/dev/null',
    // Never the machine's own.
    RESOLV_CONF: join(folder, 'resolv.conf'),
    // Waits of minutes become none.
    TIME_SCALE: '10000',
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
      'a missing include, of which Anaconda does not know where it stands',
      'text\n%include /nowhere/disk.ks\n',
      'line 0',
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

  it('finds the console on standard input, and the environment that Anaconda gives', () => {
    pre(
      `--interpreter=/bin/bash --log=${folder}/out`,
      'readlink /proc/$$/fd/0; pwd; env -u _ -u PWD -u SHLVL | sort',
    );
    const lines = readFileSync(join(folder, 'out'), 'utf8').split('\n');
    expect(lines[0]).not.toBe('/dev/null');
    expect(lines).toEqual(
      expect.arrayContaining(['HOME=/tmp', 'LC_ALL=C', 'LC_NUMERIC=C', `ANA_INSTALL_PATH=${folder}/sysroot`]),
    );
    expect(lines.some((line) => line.startsWith('LIBEXEC='))).toBe(false);
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

const FAMILIES = ['fedora', 'el9', 'el10'] as const;

describe('an installation that fails', () => {
  const onerror = '%onerror\ntouch onerror-ran\n%end\n';
  const run = (family: string, kickstart: string, script: string, env: Record<string, string> = {}) => {
    const { status, stdout } = installer(`cd ${folder}; ${script}; echo went on`, kickstart, {
      FAMILY: family,
      ...env,
    });
    expect(stdout).not.toContain('went on');
    return { status, stdout, ranOnerror: existsSync(join(folder, 'onerror-ran')) };
  };
  const sections = (type: string) => `read_kickstart ks.cfg all; run_sections ${type}`;
  const script = (opener: string) => `${opener} --erroronfail\necho why; exit 3\n%end\n${onerror}reboot\n`;

  it.each(FAMILIES)('in %%pre of %s shows a bare traceback, and stays on', (family) => {
    const end = run(family, script('%pre'), sections('pre'));
    expect(end.stdout.trim().split('\n').at(-1)).toBe('pyanaconda.errors.ScriptError');
    expect(end.stdout).not.toMatch(/why|fatal error|reboot/);
    expect(end).toMatchObject({ status: 1, ranOnerror: false });
  });

  it.each(['%pre-install', '%post --nochroot'])(
    'in %s of Fedora runs %%onerror and restarts after its pause',
    (opener) => {
      const end = run('fedora', script(opener), sections(opener.slice(1).split(' ')[0] ?? ''));
      expect(end.stdout).toMatch(
        /Running in cmdline mode, no interactive[^]*line 1\.[^]*why[^]*The installer will now terminate\.\n+systemctl --no-wall reboot\n$/,
      );
      expect(end.ranOnerror).toBe(true);
    },
  );

  it.each(FAMILIES.slice(1))('in %%post of %s waits for Enter, and %%onerror does not run', (family) => {
    writeFileSync(join(folder, 'enter'), '\n');
    const end = run(family, script('%post --nochroot'), sections('post'), { CONSOLE: join(folder, 'enter') });
    expect(end.stdout).toMatch(/line 1\.[^]*why[^]*Press ENTER to exit: \n*systemctl --no-wall reboot\n$/);
    expect(end.ranOnerror).toBe(false);
  });

  it.each(FAMILIES.slice(1))('in %%post of %s waits for Enter for ever', async (family) => {
    spawnSync('mkfifo', [join(folder, 'nobody')]);
    writeFileSync(join(folder, 'ks.cfg'), script('%post --nochroot'));
    const child = spawn('bash', ['-c', `. "$LIBEXEC/install.sh"; ${sections('post')}`], {
      cwd: folder,
      env: { ...environment(), FAMILY: family, CONSOLE: join(folder, 'nobody') },
    });
    let shown = '';
    child.stdout.on('data', (text: Buffer) => (shown += text.toString()));
    await until(() => shown.includes('Press ENTER to exit'));
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
  });

  it.each(FAMILIES)(
    'for any other reason on %s shows it in its frame, runs %%onerror, and restarts',
    (family) => {
      const end = run(family, `reboot\n${onerror}`, 'read_kickstart ks.cfg all; fatal "No usable disks"');
      const frame =
        family === 'fedora'
          ? /Running in cmdline mode[^]*\n\nNo usable disks\.\n/
          : /Non interactive installation failed: No usable disks\. /;
      expect(end.stdout).toMatch(frame);
      expect(end.stdout).toMatch(/systemctl --no-wall reboot\n$/);
      expect(end.ranOnerror).toBe(true);
    },
  );

  it.each(FAMILIES)('for want of memory asks before anything else on %s', (family) => {
    writeFileSync(join(folder, 'meminfo'), 'MemTotal:  900000 kB\n');
    const end = run(family, '', 'check_memory', { MEMINFO: join(folder, 'meminfo') });
    expect(end.stdout).toMatch(
      /requires 1070 MB of memory to install, but you only have 878 MB[^]*Press \[Enter\]/,
    );
  });
});

describe('the logs', () => {
  const of = (family: string) => {
    installer(
      'read_kickstart ks.cfg all; MODULE=Storage run echo made; make_noise install_storage; log_boss "Task started"; run_sections post',
      '%post --nochroot\necho said\n%end\n',
      {
        FAMILY: family,
      },
    );
    return (name: string) => (existsSync(join(folder, 'logs', name)) ? log(name) : '');
  };

  it.each(FAMILIES)('of modules have no time on %s, and are warnings in syslog', (family) => {
    const read = of(family);
    expect(read('storage.log')).toMatch(
      /^INFO:program:Running\.\.\. echo made\nINFO:program:stdout:\nINFO:program:made\n/m,
    );
    expect(read('syslog')).toMatch(
      /^\d\d:\d\d:\d\d,\d{3} WARNING org\.fedoraproject\.Anaconda\.Modules\.Storage:INFO:program:made$/m,
    );
    expect(read('storage.log')).toMatch(/^WARNING:blivet:device vda does not contain a disklabel$/m);
  });

  it.each([
    ['fedora', 'syslog', 'syslog'],
    ['el10', 'syslog', 'anaconda.log'],
    ['el9', 'program.log', 'anaconda.log'],
  ])('of %s have what %%post says in %s, and tasks in %s', (family, script, tasks) => {
    const read = of(family);
    const others = ['syslog', 'program.log', 'anaconda.log'];
    expect(others.filter((name) => /program: ?said$/m.test(read(name)))).toEqual([script]);
    expect(others.filter((name) => /Task started/.test(read(name)))).toEqual([tasks]);
  });
});

describe('the packages', () => {
  const choose = (kickstart: string): string[] =>
    installer('read_kickstart ks.cfg all; choose_packages; printf "%s\\n" "${CHOSEN[@]}"', kickstart)
      .stdout.trim()
      .split('\n');

  it('are those of %packages and @core, without what has a dash', () => {
    const lines = '%packages\n# tools\ncurl  # why\n@standard\n-sendmail\n%end\n';
    expect(choose(lines)).toEqual([
      ...['--install', '@core', '--install', 'curl', '--install', '@standard', '--exclude', 'sendmail'],
    ]);
    expect(choose('%packages --nocore --ignoremissing\ncurl\n%end\n')).toEqual([
      ...['--install', 'curl', '--ignore-missing'],
    ]);
  });

  it.each([
    [
      'fedora',
      /^Failed to download metadata \(baseurl: "http:\/\/127\.0\.0\.1:1"\) for repository "anaconda": /m,
    ],
    [
      'el10',
      /^Non interactive installation failed: [^]*Failed to add the 'anaconda' repository: Failed to download metadata for repo 'anaconda': /m,
    ],
    [
      'el9',
      /^The following mandatory spokes are not completed:\nInstallation source\nSoftware selection\. $/m,
    ],
  ])(
    'end the install as %s does when nobody answers where they should be',
    async (family, message) => {
      const { root: stage2 } = await packagingTools();
      const media = join(root, 'e2e/vm/test-installer/media');
      const { status, stdout } = installer(
        `STAGE2='${stage2}' PAYLOAD='${media}'; read_kickstart ks.cfg all; install_packages; echo went on`,
        'url --url=http://127.0.0.1:1\n%packages\n%end\n',
        { FAMILY: family },
      );
      expect(status).toBe(1);
      expect(stdout).toMatch(message);
      expect(stdout).not.toContain('went on');
      expect(log(family === 'fedora' ? 'dnf.log' : 'packaging.log')).toContain(
        'Failed to connect to 127.0.0.1 port 1',
      );
    },
    400_000,
  );
});

describe('the boot loader', () => {
  /** The installer's own functions with the firmware of a machine; what they would do to a disk is only said. */
  const install = (firmware: 'uefi' | 'bios', kickstart: string, script: string) => {
    const sys = join(folder, firmware);
    mkdirSync(join(sys, 'firmware', firmware === 'uefi' ? 'efi' : 'nothing'), { recursive: true });
    return installer(`read_kickstart ks.cfg all; ALLOWED_DISKS=(/dev/vda)\n${script}`, kickstart, {
      LAB_SYS: sys,
    });
  };

  it('brings the packages of its firmware along', () => {
    const wanted = (firmware: 'uefi' | 'bios') =>
      install(firmware, '', 'require_packages; echo "${REQUIRED_PACKAGES[*]}"').stdout;
    expect(wanted('uefi')).toContain('efibootmgr grub2-efi-x64 shim-x64');
    expect(wanted('bios')).toContain('grub2-pc');
    expect(wanted('bios')).not.toMatch(/efi|shim/);
  });

  const layout =
    'part biosboot --fstype=biosboot --size=1\npart /boot --fstype=ext4 --size=512\npart pv.01 --size=1 --grow\n';
  const partition = `must() { cat "\${INPUT:-/dev/null}" | grep type= || true; echo "$*"; }
    make_filesystem() { echo "format $1 for $3"; }
    each_command read_part part; make_partitions; echo "on \${BIOS_DISK:-none}"`;

  it('of BIOS has a partition of its own, without a file system', () => {
    const { status, stdout } = install('bios', layout, partition);
    expect(status).toBe(0);
    expect(stdout).toMatch(/size=1MiB, type=21686148-6449-6E6F-744E-656564454649\n/);
    expect(stdout).not.toContain('format /dev/vda1');
    expect(stdout).toContain('format /dev/vda2 for /boot\n');
    expect(stdout).toContain('on /dev/vda\n');
  });

  it.each([
    [
      'bios',
      /Your BIOS-based system needs a special partition to boot from a GPT disk label\..* on the vda disk\./,
    ],
    ['uefi', /You have not created a bootloader stage1 target device\./],
  ] as const)('of %s without its partition is an error', (firmware, message) => {
    const { status, stdout } = install(firmware, 'bootloader\n', 'install_bootloader; echo went on');
    expect(status).not.toBe(0);
    expect(stdout).toMatch(message);
    expect(stdout).not.toContain('went on');
  });
});

describe('a boot argument', () => {
  it.each([
    ['ip=dhcp', 'dhcp of eth0'],
    ['', 'dhcp of eth0'],
    [
      'ip=10.0.0.5::10.0.0.1:255.255.255.0:::none nameserver=9.9.9.9',
      'addr add 10.0.0.5/255.255.255.0 dev eth0, route add default via 10.0.0.1',
    ],
    ['ip=10.0.0.5:::255.255.255.0:::none', 'addr add 10.0.0.5/255.255.255.0 dev eth0'],
    ['ip=eth0:dhcp', 'no network'],
    ['ip=10.0.0.5::10.0.0.1:255.255.255.0::eth9:none', 'no network'],
  ])('%j makes the network: %s', (words, expected) => {
    writeFileSync(join(folder, 'cmdline'), `${words}\n`);
    mkdirSync(join(folder, 'libexec'));
    writeFileSync(join(folder, 'libexec/busybox'), '#!/bin/sh\necho "dhcp of ${10}" >>"$SAID"\n', {
      mode: 0o755,
    });
    const { stdout } = installer(
      `. "$LIBEXEC/dracut.sh"; LIBEXEC=$PWD/libexec; export SAID=$PWD/said; : >"$SAID"
       boot_nic() { printf eth0; }; ip() { [[ $1 == link ]] || echo "$*" >>"$SAID"; }
       set_up_network || echo 'no network' >>"$SAID"; paste -sd, "$SAID"`,
      '',
      { CMDLINE: join(folder, 'cmdline') },
    );
    expect(stdout.trim()).toBe(expected.replaceAll(', ', ','));
  });

  it('is the last one of its name, "yes" when bare, empty when absent', () => {
    writeFileSync(join(folder, 'cmdline'), 'quiet inst.ks=a inst.cmdline inst.ks=b');
    const { stdout } = installer(
      'CMDLINE=cmdline; for name in inst.ks inst.cmdline inst.repo; do echo "$(argument $name)."; done',
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
