import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, installInput, sectionWith, section } from '../../test/kickstart/section-runner.js';

const SECTIONS = [
  ['%pre', 0],
  ['%pre-install', 0],
  ['%post', 1],
] as const;

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(20);
}

/** The machine's firmware: an entry of the disk is first already, and this start came from the network. */
async function withFirmware(machine: SectionMachine): Promise<void> {
  await machine.put('sys/firmware/efi/version', '');
  await machine.program(
    'efibootmgr',
    `if (($#)); then echo "$*" >>${machine.path('efi-calls')}; else printf 'BootCurrent: 0003\\nBootOrder: 0005,0003\\n'; fi`,
  );
}

describe('a machine whose install failed goes back to its bastion', () => {
  let bastion: RecordingBastion;
  beforeAll(async () => {
    bastion = await RecordingBastion.start();
  });
  beforeEach(() => {
    bastion.progress.length = 0;
    bastion.batches.length = 0;
    bastion.answer = () => undefined;
  });
  afterAll(() => bastion.stop());

  const failing = (opener: string, index: number, url = bastion.url) =>
    sectionWith(opener, 'echo the last words\nfalse\n', installInput(url), index);

  it.each(SECTIONS)(
    'from %s: when all is told, once, and next from where it had started',
    async (opener, index) => {
      await using machine = await SectionMachine.create();
      await withFirmware(machine);
      let toldBefore = false;
      await machine.program(
        'restart-now',
        `curl -s ${bastion.url}/restart; date >>${machine.path('restarts')}`,
      );
      bastion.answer = (path) => {
        if (path !== '/restart') return undefined;
        const texts = bastion.lines.map(({ text }) => text);
        toldBefore =
          bastion.progress.some(({ event }) => event === 'failed') && texts.includes('the last words');
        return { status: 200 };
      };
      await machine.run(await failing(opener, index));
      expect(await machine.restarts()).toBe(1);
      expect(toldBefore).toBe(true);
      expect(await machine.read('efi-calls')).toBe('-q -n 0003\n');
    },
  );

  it.each(SECTIONS)('from %s: not when it succeeded', async (opener, index) => {
    await using machine = await SectionMachine.create();
    await machine.run(await sectionWith(opener, 'true\n', installInput(bastion.url), index));
    expect(await machine.restarts()).toBe(0);
  });

  it.each(SECTIONS)(
    'from %s: without firmware variables, and with the bastion away, too',
    async (opener, index) => {
      await using machine = await SectionMachine.create();
      await machine.program('efibootmgr', 'exit 2');
      await machine.put('sys/firmware/efi/version', '');
      await machine.run(await failing(opener, index, 'http://127.0.0.1:9'), { LAB_FAILED_SECONDS: '1' });
      expect(await machine.restarts()).toBe(1);
    },
  );

  /** An installer whose %pre went well and that then ends, as Anaconda does when what %pre wrote can't be parsed. */
  async function installerThatEnds(machine: SectionMachine, then: string): Promise<void> {
    const script = machine.path('tmp/ks-script-00000000');
    await writeFile(script, await sectionWith('%pre', 'true\n', installInput(bastion.url)));
    const installer = spawn('bash', ['-c', `bash ${script}; ${then}; exit 1`], {
      stdio: 'ignore',
      env: { ...machine.environment(), LAB_GONE_SECONDS: '0' },
    });
    await once(installer, 'exit');
  }

  it('when the installer ended without a word, with the installer’s own', async () => {
    await using machine = await SectionMachine.create();
    await withFirmware(machine);
    const error = 'The following problem occurred on line 3 of the kickstart file: Unknown command: prat';
    const lines = ['07:49:31,002 INF startup_utils: fine', `07:49:31,300 ERR kickstart.parsing: ${error}`];
    await installerThatEnds(
      machine,
      `printf '%s\\n' '${lines.join("' '")}' >${machine.path('tmp/anaconda.log')}`,
    );
    await until(async () => (await machine.restarts()) > 0);
    const failures = bastion.progress.filter(({ event }) => event === 'failed');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      section: 'onerror',
      failure: { section: '%onerror', stage: 'partitioning', last_lines: [lines[1]] },
    });
    expect(await machine.read('efi-calls')).toBe('-q -n 0003\n');
  });

  it('but not when it ended as it should', async () => {
    await using machine = await SectionMachine.create();
    await installerThatEnds(machine, `: >${machine.path('tmp/lab/stop')}`);
    await until(async () => (await machine.streamer()) === undefined);
    expect(await machine.restarts()).toBe(0);
    expect(bastion.progress.filter(({ event }) => event === 'failed')).toEqual([]);
  });

  it('%onerror leaves the restart to the installer, and says where the next start comes from', async () => {
    await using machine = await SectionMachine.create();
    await withFirmware(machine);
    const lines = [
      '07:49:38,100 INFO dbus-daemon:Activated service org.fedoraproject.Anaconda.Addons.Kdump failed: exited with status 1',
      '07:49:39,950 WARNING org.fedoraproject.Anaconda.Modules.Storage:ERROR:anaconda.modules.storage:Failed to set new efi boot target.',
      '07:49:40,100 WARNING org.fedoraproject.Anaconda.Boss:INFO:anaconda.modules.boss:Task failed',
    ];
    await machine.put('tmp/syslog', `${lines.join('\n')}\n`);
    await machine.run(await section('%onerror', installInput(bastion.url)));
    expect(bastion.progress.find(({ event }) => event === 'failed')?.failure?.last_lines).toEqual([lines[1]]);
    expect(await machine.restarts()).toBe(0);
    expect(await machine.read('efi-calls')).toBe('-q -n 0003\n');
  });
});
