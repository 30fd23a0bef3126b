import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedMachine } from '@lab/testing';
import type { Progress } from '@lab/protocol';
import { operatorToken, serverPlan, startIn, temporaryFolder } from '../test/bastion-fixture.js';
import { FakeLabd } from '../test/fake-labd.js';
import type { RunningBastion } from './start-bastion.js';

const MAC = '52:54:00:00:00:01';

describe('A blank machine at a bastion that has a link with labd', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let labd: FakeLabd;
  let bastion: RunningBastion;
  let env: Record<string, string>;

  beforeEach(async () => {
    folder = await temporaryFolder();
    labd = await FakeLabd.start();
    const tokenFile = join(folder.path, 'join-token');
    await writeFile(tokenFile, labd.joinToken);
    env = { LABD_URL: labd.url, BASTION_JOIN_TOKEN_FILE: tokenFile };
    bastion = await startIn(folder.path, env);
  });

  afterEach(async () => {
    await bastion.stop();
    await labd.stop();
    await folder[Symbol.asyncDispose]();
  });

  const progress = (): Progress[] =>
    labd.committed.facts.flatMap((fact) => (fact.type === 'bastion-progress' ? [fact.payload] : []));
  const lines = () =>
    labd.committed.logs.flatMap((fact) => (fact.type === 'bastion-log' ? fact.payload.lines : []));

  it('is discovered, is installed when planned, boots from its disk, and labd hears of every step and line', async () => {
    const machine = new SimulatedMachine({
      bastionUrl: bastion.url,
      mac: MAC,
      pace: { stageMs: 0, pollMs: 20 },
      linesPerStage: 30,
    });
    const living = machine.run();
    await labd.until(() => labd.committed.facts.some((fact) => fact.type === 'bastion-state-sync'));
    const plan = serverPlan(MAC);
    labd.plan([plan]);
    await living;

    expect(machine.history.boots).toEqual(['discover', 'install', 'local-disk']);
    await labd.until(() => progress().some((fact) => fact.stage === 'first-boot' && fact.event === 'ended'));
    const own = ['boot', 'kickstart', 'reboot'];
    const told = progress().map((fact) => `${fact.stage} ${fact.event}`);
    expect(told.filter((line) => !own.includes(line.split(' ')[0] ?? ''))).toEqual(machine.history.stages);
    expect(told.filter((line) => own.includes(line.split(' ')[0] ?? ''))).toEqual(
      own.flatMap((stage) => [`${stage} started`, `${stage} ended`]),
    );
    const ofMachine = () => lines().filter(({ source }) => source !== 'bastion' && source !== 'netboot');
    await labd.until(() => ofMachine().length >= machine.history.lines.length);
    expect(ofMachine().map((line) => line.text)).toEqual(machine.history.lines);
    expect(lines().map((line) => line.number)).toEqual(lines().map((_, index) => index + 1));
  });

  it('is installed while labd is away, and labd hears all of it later', async () => {
    const plan = serverPlan(MAC);
    labd.plan([plan]);
    await labd.until(() => labd.ackedPlans.includes(1));
    const { port, credential } = labd;
    await labd.stop();

    const machine = new SimulatedMachine({ bastionUrl: bastion.url, mac: MAC });
    await machine.run();
    await bastion.stop();
    const again = await FakeLabd.start(port);
    Object.assign(again, { credential });
    labd = again;
    bastion = await startIn(folder.path, env);
    await labd.until(() => progress().some((fact) => fact.stage === 'first-boot' && fact.event === 'ended'));

    expect(progress().filter((fact) => fact.installId === plan.install?.installId)).toHaveLength(
      machine.history.stages.length + 6,
    );
  });

  it('shows its stages and lines to an operator, also after the bastion was restarted', async () => {
    labd.plan([serverPlan(MAC)]);
    await labd.until(() => labd.ackedPlans.includes(1));
    const machine = new SimulatedMachine({ bastionUrl: bastion.url, mac: MAC, linesPerStage: 5 });
    await machine.run();
    const ask = async (
      query = '',
    ): Promise<{
      log_total: number;
      stages: { state: string }[];
      log_lines: { number: number; text: string }[];
      state: string;
    }> =>
      (await (
        await fetch(`${bastion.url}/api/logs/${MAC}${query}`, {
          headers: { authorization: `Bearer ${await operatorToken(folder.path)}` },
        })
      ).json()) as never;
    const before = await ask();
    await bastion.stop();
    bastion = await startIn(folder.path, env);
    const after = await ask();

    expect(after).toEqual(before);
    expect(after.state).toBe('succeeded');
    expect(after.stages.every((stage) => stage.state === 'succeeded')).toBe(true);
    expect(after.log_lines).toHaveLength(after.log_total);
    expect((await ask('?after=3&limit=2')).log_lines.map((line) => line.number)).toEqual([4, 5]);
  });
});
