import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedMachine } from '@lab/testing';
import { quoted, root, withLabctl } from '../checkout.js';
import { LabUnderTest } from '../lab-under-test.js';
import { matched, parseTranscript, runStep, stepText } from '../transcript.js';

const FOLDER = join(root, 'e2e/transcripts');
const transcripts = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.txt'))
  .sort();

const isWriting = process.env['TRANSCRIPTS'] === 'write';

/** Machines of the lab that the transcripts talk to, by the last octet of the MAC. */
const MACHINES = {
  ...{ installed: '0a:01', failed: '0a:02', discovered: '0a:03', spare: '0a:04', off: '0a:05' },
  ...{ fresh: '0a:06', faulty: '0a:07' },
};
const macOf = (name: keyof typeof MACHINES): string => `52:54:00:00:${MACHINES[name]}`;

/**
 * labctl as people type it, against a real labd, bastion and database. With `TRANSCRIPTS=write` the files get what came out:
 * read the difference before you commit it.
 */
describe('labctl, typed', () => {
  let lab: LabUnderTest;
  let folder: string;
  let path: string;
  const machines: SimulatedMachine[] = [];

  beforeAll(async () => {
    lab = await LabUnderTest.create();
    await lab.start();
    folder = mkdtempSync(join(tmpdir(), 'lab-transcripts-'));
    path = withLabctl(join(folder, 'bin'));
    await populate();
  });
  afterAll(async () => {
    for (const machine of machines) machine.powerOff();
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function populate(): Promise<void> {
    for (const name of Object.keys(MACHINES) as (keyof typeof MACHINES)[]) {
      const machine = new SimulatedMachine({
        bastionUrl: lab.lab.bastionUrl,
        mac: macOf(name),
        pace: { stageMs: 5, pollMs: 200 },
        ...(['failed', 'faulty'].includes(name) && {
          failAt: 'packages',
          failLines: ['No match for argument: k3s-selinux'],
        }),
      });
      machines.push(machine);
      machine.run().catch(() => undefined);
      await lab.serverIn('discovered', macOf(name));
      if (name === 'off') machine.powerOff();
    }
    for (const [name, host] of [
      ['installed', 'node1'],
      ['failed', 'node2'],
    ] as const) {
      const order = ['--os', 'fedora-43', '--role', 'worker', '--hostname', host];
      await lab.labctl('provision', macOf(name), ...order);
      await lab.serverIn(name, macOf(name));
    }
  }

  it.each(transcripts)(
    '%s',
    async (file) => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const work = join(folder, file);
      mkdirSync(work);
      const env = {
        ...lab.env,
        HOME: work,
        PATH: path,
        LANG: 'C.UTF-8',
        TERM: 'dumb',
        LABD: lab.lab.labdUrl,
        PASSWORD_FILE: lab.lab.passwordFile,
      };
      const steps: string[] = [];
      for (const step of parseTranscript(text)) {
        const { line, command, expected } = step;
        const printed = await runStep(`cd ${quoted(work)}\n${command}`, env);
        steps.push(stepText(step, matched(printed, expected)));
        if (isWriting) continue;
        const where = `${file}:${line}: ${command}`;
        expect({ where, printed: matched(printed, expected) }).toEqual({ where, printed: expected });
      }
      if (isWriting) writeFileSync(join(FOLDER, file), steps.join('\n'));
    },
    120_000,
  );
});
