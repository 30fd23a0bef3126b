import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { withDisks } from '../../test/kickstart/fake-hardware.js';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, installInput, section } from '../../test/kickstart/section-runner.js';

describe('before a machine touches its disk', () => {
  let bastion: RecordingBastion;
  let machine: SectionMachine;
  beforeEach(async () => {
    bastion = await RecordingBastion.start();
    machine = await SectionMachine.create();
    await withDisks(machine, [{ name: 'vda' }]);
    await machine.program('start-again', `echo once >>${machine.path('started-again')}`);
  });
  afterEach(async () => {
    await machine[Symbol.asyncDispose]();
    await bastion.stop();
  });
  const pre = async (env: Record<string, string> = {}) =>
    machine.run(await section('%pre', installInput(bastion.url)), {
      LAB_MOUNTS: machine.path('mounts'),
      LAB_REBOOT: machine.path('bin/start-again'),
      LAB_FLUSH_SECONDS: '1',
      ...env,
    });
  const isStartedAgain = (): boolean => existsSync(machine.path('started-again'));
  const log = () => machine.read('tmp/lab/pre.log');

  it('the bastion has its word that it will: the section ends no sooner', async () => {
    // The bastion takes its time: an answer that comes late is waited for.
    const asked = Promise.withResolvers<undefined>();
    let busy = 3;
    bastion.answer = (path, body) => {
      if (path !== '/api/progress' || !body.includes('"partitioning"') || busy === 0) return undefined;
      busy -= 1;
      asked.resolve(undefined);
      return { status: 503 };
    };
    const run = pre({ LAB_GATE_SECONDS: '60' });
    await asked.promise;
    expect((await run).code).toBe(0);
    expect(bastion.story.at(-1)).toBe('partitioning started');
    expect(isStartedAgain()).toBe(false);
  });

  it.each([
    ['410: the install is cancelled', 410],
    ['401: the token is not good any more', 401],
    ['403', 403],
  ])('it goes no further when it is answered %s', async (_what, status) => {
    bastion.answer = (path, body) =>
      path === '/api/progress' && body.includes('"partitioning"') ? { status } : undefined;
    expect((await pre({ LAB_GATE_SECONDS: '60' })).code).toBe(1);
    expect(await machine.read('started-again')).toBe('once\n');
    expect(bastion.story).not.toContain('partitioning started');
    expect(await log()).toContain('The install was cancelled. Nothing was erased');
  });

  it('it goes no further when the install was cancelled while %pre ran', async () => {
    let reports = 0;
    bastion.answer = (path) => {
      if (path !== '/api/progress') return undefined;
      reports += 1;
      return reports > 2 ? { status: 410 } : undefined;
    };
    expect((await pre({ LAB_GATE_SECONDS: '60' })).code).toBe(1);
    expect(isStartedAgain()).toBe(true);
  });

  it('it goes on after a while when nobody answers: a bastion that is away fails no install', async () => {
    const input = installInput(bastion.url);
    await bastion.stop();
    const end = await machine.run(await section('%pre', input), {
      LAB_MOUNTS: machine.path('mounts'),
      LAB_REBOOT: machine.path('bin/start-again'),
      LAB_CONNECT_SECONDS: '1',
      LAB_GATE_SECONDS: '1',
    });
    expect(end.code).toBe(0);
    expect(isStartedAgain()).toBe(false);
    expect(await log()).toContain('goes on without its leave');
  });

  it('it tells of later stages, also once the install was cancelled: 410 costs that one report', async () => {
    const input = installInput(bastion.url);
    expect((await pre()).code).toBe(0);
    const asked: string[] = [];
    bastion.answer = (path, body) => {
      if (path !== '/api/progress') return undefined;
      const { stage, event } = JSON.parse(body) as { stage: string; event: string };
      asked.push(`${stage} ${event}`);
      return { status: 410 };
    };
    await machine.run(await section('%pre-install', input), { LAB_MOUNTS: machine.path('mounts') });
    await bastion.until(() => asked.includes('packages started'));
    expect(asked).toContain('partitioning ended');
  });
});
