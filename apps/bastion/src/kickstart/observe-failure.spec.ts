import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEATHS } from '../../test/kickstart/deaths.js';
import { RecordingBastion, type RecordedProgress } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, TOKEN, installInput, sectionWith } from '../../test/kickstart/section-runner.js';

describe('a section that dies reports exactly once', () => {
  let bastion: RecordingBastion;
  beforeAll(async () => {
    bastion = await RecordingBastion.start();
  });
  afterAll(() => bastion.stop());

  async function die(
    opener: string,
    body: string,
  ): Promise<{ code: number | null; reports: RecordedProgress[]; output: string }> {
    await using machine = await SectionMachine.create();
    bastion.progress.length = 0;
    const end = await machine.run(
      await sectionWith(opener, body, installInput(bastion.url), opener === '%post' ? 1 : 0),
    );
    return {
      code: end.code,
      reports: bastion.progress.filter((report) => report.event === 'failed'),
      output: end.output,
    };
  }

  it.each(DEATHS)('from $name', async ({ body, line, command, code, message }) => {
    const end = await die('%pre', `${body}echo not reached\n`);
    expect(end.code).toBe(code);
    expect(end.output).toBe('');
    expect(end.reports).toHaveLength(1);
    expect(end.reports[0]).toMatchObject({
      stage: 'disk',
      section: 'pre',
      failure: { section: '%pre', stage: 'disk', line, exit_code: code },
    });
    const failure = end.reports[0]?.failure;
    if (typeof command === 'string') expect(failure?.command).toBe(command);
    else expect(failure?.command).toMatch(command);
    if (message !== undefined) expect(end.reports[0]?.message).toMatch(message);
    expect(failure?.last_lines.join('\n')).not.toContain('not reached');
    expect(JSON.stringify(end.reports)).not.toContain(TOKEN);
  });

  it('from %pre-install, in the stage that it bracketed', async () => {
    const end = await die('%pre-install', 'mount /dev/nothing /mnt/nowhere\n');
    expect(end.reports).toHaveLength(1);
    expect(end.reports[0]).toMatchObject({
      failure: { section: '%pre-install', stage: 'partitioning', line: 1 },
    });
  });

  it('from %post, where the streamer has ended with the section', async () => {
    const end = await die('%post', 'stage ssh\nfalse\n');
    expect(end.reports).toHaveLength(1);
    expect(end.reports[0]).toMatchObject({
      failure: { section: '%post', stage: 'ssh', line: 2, exit_code: 1, command: 'false' },
    });
  });

  it('outside of any stage, as the section’s own', async () => {
    const end = await die('%pre', 'false\n');
    expect(end.reports[0]).toMatchObject({ stage: 'pre', failure: { stage: 'pre', line: 1 } });
  });

  it('by SIGTERM', async () => {
    await using machine = await SectionMachine.create();
    bastion.progress.length = 0;
    const script = await sectionWith(
      '%pre',
      'stage disk\nsleep 0.1\nkill -TERM $$\nsleep 5\n',
      installInput(bastion.url),
    );
    const end = await machine.run(script);
    expect(end.code).toBe(143);
    expect(bastion.progress.filter((report) => report.event === 'failed')).toMatchObject([
      { failure: { exit_code: 143, stage: 'disk' } },
    ]);
  });

  it('with the last lines of its log, and not when a failure was handled', async () => {
    const end = await die(
      '%pre',
      'stage disk\nfalse || true\nif ! false; then echo handled; fi\necho last words\nfalse\n',
    );
    expect(end.reports[0]?.failure?.last_lines.slice(-2)).toEqual(['handled', 'last words']);
    expect(end.reports[0]?.failure?.line).toBe(5);
  });
});
