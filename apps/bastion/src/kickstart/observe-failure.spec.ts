import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RecordingBastion, type RecordedProgress } from '../../test/kickstart/recording-bastion.js';
import { SectionMachine, TOKEN, installInput, sectionWith } from '../../test/kickstart/section-runner.js';

/** Every way to die that BOOT-FACTS lists: the section's own text, and what must be reported of it. */
const DEATHS: {
  name: string;
  body: string;
  line: number;
  command: string | RegExp;
  code: number;
  message?: RegExp;
}[] = [
  {
    name: 'a failed command',
    body: 'stage disk\ntrue\nls /nowhere\n',
    line: 3,
    command: 'ls /nowhere',
    code: 2,
  },
  {
    name: 'a failed command in a function',
    body: 'stage disk\nf() {\n  ls /nowhere\n}\nf\n',
    line: 3,
    command: 'ls /nowhere',
    code: 2,
  },
  {
    name: 'an unknown command',
    body: 'stage disk\nno-such-program --x\n',
    line: 2,
    command: 'no-such-program --x',
    code: 127,
  },
  {
    name: 'a failed substitution',
    body: 'stage disk\nx=$(false)\necho "$x"\n',
    line: 2,
    command: /false/,
    code: 1,
  },
  {
    name: 'an unbound variable',
    body: 'stage disk\ntrue\necho "$NOT_SET"\n',
    line: 3,
    command: 'echo "$NOT_SET"',
    code: 1,
    message: /NOT_SET: unbound variable/,
  },
  {
    name: 'an unset parameter that is required',
    body: 'stage disk\n: "${DISK:?no disk}"\n',
    line: 2,
    command: ': "${DISK:?no disk}"',
    code: 1,
  },
  {
    name: 'a plain exit',
    body: 'stage disk\nif true; then\n  exit 3\nfi\n',
    line: 3,
    command: 'exit 3',
    code: 3,
  },
  {
    name: 'a syntax error',
    body: 'stage disk\ntrue\nif true; fi\n',
    line: 3,
    command: 'if true; fi',
    code: 2,
    message: /syntax error/,
  },
  {
    name: 'a quote that never ends',
    body: 'stage disk\ntrue\necho "oops\ntrue\n',
    line: 3,
    command: /echo "oops/,
    code: 2,
    message: /unexpected EOF/,
  },
  {
    name: 'a subshell',
    body: 'stage disk\ntrue\n(\n  cd /\n  ls /nowhere\n)\n',
    line: 5,
    command: 'ls /nowhere',
    code: 2,
  },
  { name: 'an exit of a subshell', body: 'stage disk\n(exit 7)\n', line: 2, command: /exit 7/, code: 7 },
  {
    name: 'the first part of a pipeline',
    body: 'stage disk\nls /nowhere | cat\n',
    line: 2,
    command: 'ls /nowhere | cat',
    code: 2,
  },
  {
    name: 'a loop in a pipeline',
    body: 'stage disk\nprintf "a\\nb\\n" | while read -r x; do\n  test "$x" = a\ndone\n',
    line: 3,
    command: 'test "$x" = a',
    code: 1,
  },
  {
    name: 'a reason given',
    body: 'stage disk\nchoose() {\n  lab_fail "No disk matches."\n}\nchoose\n',
    line: 3,
    command: 'lab_fail "No disk matches."',
    code: 1,
    message: /^No disk matches\.$/,
  },
  {
    name: 'after a masked failure',
    body: 'stage disk\nf() {\n  local x=$(ls /nowhere)\n  echo "$x"\n}\nf\nexit 2\n',
    line: 7,
    command: 'exit 2',
    code: 2,
  },
];

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
