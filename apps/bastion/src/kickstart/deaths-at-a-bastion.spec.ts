import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '@lab/protocol';
import { operatorToken, serverPlan, startIn, temporaryFolder } from '../../test/bastion-fixture.js';
import { DEATHS } from '../../test/kickstart/deaths.js';
import { SectionMachine, withBody } from '../../test/kickstart/section-runner.js';
import type { RunningBastion } from '../start-bastion.js';
import { sectionsOf } from './kickstart-sections.js';

interface Shown {
  state: string;
  reason: string;
  install: string;
  stages: { stage: string; state: string; failure: Record<string, unknown> | null }[];
}

/** The whole way: a real bastion plans, serves and renders; real bash dies; the bastion shows it. */
describe('a %pre that dies, at a real bastion', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bastion: RunningBastion;
  const macOf = (index: number): string => `52:54:00:00:0d:${index.toString(16).padStart(2, '0')}`;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const servers = DEATHS.map((_, index) => serverPlan(macOf(index)));
    const plan: Plan = { generation: 1, full: true, servers, removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    bastion = await startIn(folder.path);
  });
  afterAll(async () => {
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });

  const text = async (url: string, headers: Record<string, string> = {}): Promise<string> => {
    const response = await fetch(url, { headers });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return response.text();
  };

  it.each(DEATHS.map((death, index) => ({ ...death, index })))(
    'from $name: one failure, with stage, line and command',
    async ({ index, body, line, command, code }) => {
      const mac = macOf(index);
      const script = await text(`${bastion.url}/boot/${mac.replaceAll(':', '-')}.ipxe`);
      const kickstart = await text(/inst\.ks=(\S+)/.exec(script)?.[1] ?? '');
      const pre = sectionsOf(kickstart).find(({ opener }) => opener.startsWith('%pre '));
      await using machine = await SectionMachine.create();
      const end = await machine.run(withBody(pre?.body ?? '', `${body}echo not reached\n`));
      expect(end).toMatchObject({ code, output: '' });

      const authorization = `Bearer ${await operatorToken(folder.path)}`;
      const shown = JSON.parse(await text(`${bastion.url}/api/logs/${mac}`, { authorization })) as Shown;
      expect(shown.state).toBe('failed');
      const failed = shown.stages.filter(({ state }) => state === 'failed');
      expect(failed).toMatchObject([{ stage: 'disk', failure: { section: '%pre', line, exitCode: code } }]);
      const reported = String(failed[0]?.failure?.['command']);
      if (typeof command === 'string') expect(reported).toBe(command);
      else expect(reported).toMatch(command);
      const events = await readFile(join(folder.path, 'installs', shown.install, 'events.ndjson'), 'utf8');
      expect(events.match(/"event":"failed"/g)).toHaveLength(1);
    },
  );
});
