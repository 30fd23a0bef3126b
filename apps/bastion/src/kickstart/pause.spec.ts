import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFile, chmod, chown, mkdir, readFile, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasEnded, programsBut, rests, until } from '../../test/kickstart/processes.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import {
  ASSETS,
  SectionMachine,
  assets,
  installInput,
  section,
  sectionWith,
} from '../../test/kickstart/section-runner.js';
import { renderDiscoveryKickstart } from './discovery-kickstart.renderer.js';
import { sectionsOf } from './kickstart-sections.js';

describe('the scripts that run on machines wait without a program', () => {
  let bastion: RecordingBastion;
  let machine: SectionMachine;
  /** PATH without sleep. */
  let path: string;
  beforeEach(async () => {
    bastion = await RecordingBastion.start();
    machine = await SectionMachine.create();
    path = await programsBut(machine.path('programs'), ['sleep']);
  });
  afterEach(async () => {
    await machine[Symbol.asyncDispose]();
    await bastion.stop();
  });

  const pre = (body: string) => sectionWith('%pre', body, installInput(bastion.url));
  const discovery = async () =>
    sectionsOf(renderDiscoveryKickstart(await assets(), { bastionUrl: bastion.url }))[0]?.body ?? '';
  const pauseScript = () => readFile(join(ASSETS, 'kickstart/pause.sh'), 'utf8');
  const bash = (script: string) => spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout;
  const streamer = async (): Promise<number> => {
    const pid = await machine.streamer();
    if (pid === undefined) throw new Error('no streamer');
    return pid;
  };

  it('and none of them calls sleep', async () => {
    const dir = join(ASSETS, 'kickstart');
    const files = (await readdir(dir)).filter((name) => /\.(sh|hbs)$/.test(name) && name !== 'pause.sh');
    for (const file of files) {
      const code = (await readFile(join(dir, file), 'utf8')).replace(/^\s*#.*$/gm, '');
      expect([file, /\bsleep\b/.test(code)]).toEqual([file, false]);
    }
  });

  it.each(['pipe', 'socket', 'terminal'])('lab_pause waits with a %s', async (way) => {
    const text = (await pauseScript()).replace('pipe socket terminal', way);
    expect(bash(`${text}\nlab_pause 0.05; echo "$? $_lab_never"`)).toMatch(/^0 \d+\n$/);
  });

  it('lab_pause takes the next when one is not there, and is false with none', async () => {
    const text = (await pauseScript()).replace('<> <(:)', '<>/none/fd');
    expect(bash(`${text}\nlab_pause 0.05; echo "$? $_lab_never"`)).toMatch(/^0 \d+\n$/);
    const none = text.replace('/dev/udp/', '/none/').replace('/dev/ptmx', '/dev/null');
    expect(bash(`${none}\nPATH=/none\nlab_pause 1; echo "$? $_lab_never"`)).toBe('127 none\n');
  });

  it('a section goes on, and the streamer rests between its turns', async () => {
    const end = await machine.run(await pre('echo one\nlab_pause 0.05\nstage disk\n'), {
      PATH: path,
      LAB_TICK_SECONDS: '3600',
    });
    expect(end).toMatchObject({ code: 0, output: '' });
    await rests(await streamer());
  });

  it('the streamer rests when no program is there', async () => {
    const script = (await pre('echo one\n')).replace('_lab_stream >', 'PATH=/none _lab_stream >');
    expect((await machine.run(script, { PATH: path, LAB_TICK_SECONDS: '3600' })).code).toBe(0);
    await rests(await streamer());
  });

  it('the streamer goes on after a time in which every program was gone', async () => {
    await machine.run(await pre('echo one\n'), { PATH: path });
    // With a report to deliver it would look at no file before that is done.
    await bastion.until(
      () => bastion.texts('pre').includes('one') && bastion.story.includes('partitioning started'),
    );
    const pid = await streamer();
    await rename(path, `${path}.gone`);
    await appendFile(machine.path('tmp/lab/pre.log'), 'two\n');
    // Every turn begins this file anew.
    const turns = new Set<number>();
    await until(async () => turns.add((await stat(machine.path('tmp/lab/batch.lines'))).mtimeMs).size > 5);
    await rename(`${path}.gone`, path);
    await bastion.until(() => bastion.texts('pre').includes('two'));
    expect(await streamer()).toBe(pid);
  });

  it('the streamer ends when its folder is gone', async () => {
    await machine.run(await pre('true\n'), { PATH: path });
    const pid = await streamer();
    await rename(machine.path('tmp/lab'), machine.path('tmp/gone'));
    await until(() => hasEnded(pid));
  });

  it('the streamer ends when its folder is another one’s', async () => {
    await machine.run(await pre('true\n'), { PATH: path });
    const pid = await streamer();
    await machine.put('tmp/lab/other', `${process.pid}\n`);
    await rename(machine.path('tmp/lab/other'), machine.path('tmp/lab/streamer'));
    await until(() => hasEnded(pid));
    expect(await machine.read('tmp/lab/streamer')).toBe(`${process.pid}\n`);
    await rename(machine.path('tmp/lab/streamer'), machine.path('tmp/lab/other'));
  });

  it('the streamer outlives a time in which nothing can fork, and then sends what it could not', async () => {
    // Root has no limit.
    const as = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
    if (as !== undefined) {
      await chmod(machine.folder, 0o755);
      for (const folder of ['tmp', 'sysroot']) await chown(machine.path(folder), as.uid, as.gid);
    }
    await machine.run(await pre('echo one\n'), { PATH: path }, undefined, as);
    await bastion.until(() => bastion.texts('pre').includes('one'));
    const pid = await streamer();
    const limit = (processes: string) => {
      const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--nproc=${processes}:`], as);
      if (status !== 0) throw new Error(`prlimit: ${String(stderr)}`);
    };
    const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
    const [, before = ''] = /^Max processes +(\S+)/m.exec(limits) ?? [];
    limit('1');
    await machine.put('tmp/anaconda.log', 'in the meantime\n');
    // bash itself tries again for fifteen seconds before it ends.
    await until(async () => (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('streamer.sh'));
    await rests(pid);
    limit(before);
    await bastion.until(() => bastion.texts('anaconda').includes('in the meantime'));
    expect(await streamer()).toBe(pid);
    expect(bastion.texts('pre')).toEqual(['one']);
  });

  it('a failing section’s flush and the farewell wait in bounded turns', async () => {
    const script = await pre('false\n');
    await bastion.stop();
    const end = await machine.run(script, { PATH: path, LAB_FLUSH_SECONDS: '1' });
    expect(end.code).toBe(1);
    const pid = await streamer();
    const farewell = await section('%post', installInput(bastion.url), 2);
    const last = await machine.run(farewell, { PATH: path, LAB_FLUSH_SECONDS: '1' });
    expect(last).toMatchObject({ code: 0, output: '' });
    await until(() => hasEnded(pid));
  });

  it('discovery waits for its bastion, and ends with its folder without a reboot', async () => {
    await machine.put('proc/cmdline', 'BOOTIF=01-52-54-00-12-34-56\n');
    await machine.put('proc/meminfo', 'MemTotal: 2015000 kB\n');
    await machine.put('proc/cpuinfo', 'processor\t: 0\n');
    await machine.program('reboot-now', `echo yes >'${machine.path('rebooted')}'`);
    let asked = 0;
    bastion.answer = () => {
      asked += 1;
      return { status: 503 };
    };
    const running = machine.run(await discovery(), {
      PATH: path,
      LAB_PROC: machine.path('proc'),
      LAB_REBOOT: machine.path('bin/reboot-now'),
    });
    await bastion.until(() => asked >= 2);
    await rename(machine.path('tmp/lab'), machine.path('tmp/gone'));
    expect((await running).code).toBe(1);
    await expect(machine.read('rebooted')).rejects.toThrow('ENOENT');
  });

  it('the first boot waits for its bastion, and ends with its folder', async () => {
    const input = installInput(bastion.url);
    await mkdir(machine.path('sysroot/var/lib/lab/install'), { recursive: true });
    const post = await section('%post', input, 1);
    const [, firstBoot = ''] = /<<'LAB-FIRST-BOOT-END'\n([\s\S]*?)^LAB-FIRST-BOOT-END$/m.exec(post) ?? [];
    await machine.put('sysroot/var/lib/lab/install/data', `LAB_URL=${bastion.url}\nLAB_TOKEN=t\n`);
    let asked = 0;
    bastion.answer = () => {
      asked += 1;
      return { status: 503 };
    };
    const running = machine.run(firstBoot, { PATH: path, LAB_ADDRESS_SECONDS: '0' });
    await bastion.until(() => asked >= 2);
    await rename(machine.path('sysroot/var/lib/lab'), machine.path('sysroot/var/lib/gone'));
    expect((await running).code).toBe(1);
  });
});
