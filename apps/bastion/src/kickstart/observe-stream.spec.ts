import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { programs } from '@lab/testing';
import { appendFile, readdir, stat } from 'node:fs/promises';
import { RecordingBastion } from '../../test/kickstart/recording-bastion.js';
import {
  SectionMachine,
  TOKEN,
  installInput,
  section,
  sectionWith,
} from '../../test/kickstart/section-runner.js';

/** In a section: waits until the test made the file. */
const await_ = (file: string) => `until [[ -e $LAB_TMP/${file} ]]; do sleep 0.02; done\n`;

/** What a machine says that nobody answered before it touched its disk. */
const WITHOUT_LEAVE = 'The bastion does not answer; the install goes on without its leave.';

describe('the streamer', () => {
  let bastion: RecordingBastion;
  let machine: SectionMachine;
  beforeEach(async () => {
    bastion = await RecordingBastion.start();
    machine = await SectionMachine.create();
  });
  afterEach(async () => {
    await machine[Symbol.asyncDispose]();
    await bastion.stop();
  });

  const pre = (body: string) => sectionWith('%pre', body, installInput(bastion.url));
  const ended = (stage: string) => () => bastion.story.includes(`${stage} ended`);

  it('sends lines and stages while the section still runs, with the token', async () => {
    const running = machine.run(
      await pre(`stage disk\necho from a command\nbastion_log explicit\n${await_('go')}`),
    );
    await bastion.until(
      () => bastion.texts('pre').includes('explicit') && bastion.story.includes('disk started'),
    );
    expect(bastion.story).not.toContain('disk ended');
    await machine.put('tmp/go', '');
    expect((await running).code).toBe(0);
    await bastion.until(() => bastion.story.includes('partitioning started'));
    expect(bastion.story).toEqual([
      'pre started',
      'disk started',
      'disk ended',
      'pre ended',
      'partitioning started',
    ]);
    expect(bastion.texts('pre')).toEqual(['from a command', 'explicit']);
    expect(new Set(bastion.requests.map((request) => request.authorization))).toEqual(
      new Set([`Bearer ${TOKEN}`]),
    );
  });

  it('goes on after the section with the installer’s logs, and the next section goes on where it stopped', async () => {
    await machine.put('tmp/anaconda.log', 'before\n');
    await machine.run(await pre('echo one\n'));
    await bastion.until(() => bastion.texts('anaconda').includes('before'));
    await appendFile(machine.path('tmp/anaconda.log'), 'in the silence\n');
    await machine.put('tmp/storage.log', 'made a partition\n');
    await bastion.until(
      () => bastion.texts('anaconda').length === 2 && bastion.texts('storage').length === 1,
    );
    await machine.run(await sectionWith('%pre-install', 'echo two\n', installInput(bastion.url)));
    await bastion.until(
      () => bastion.texts('pre-install').includes('two') && bastion.story.includes('packages started'),
    );
    expect(bastion.story).toEqual([
      'pre started',
      'pre ended',
      'partitioning started',
      'partitioning ended',
      'packages started',
    ]);
    expect(bastion.texts('anaconda')).toEqual(['before', 'in the silence']);
    expect(bastion.progress.map((report) => report.seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('sends what dnf writes, wherever the family has it, as one source, each line once', async () => {
    await machine.put('tmp/dnf.log', 'of libdnf5\n');
    await machine.put('tmp/dnf.librepo.log', 'of librepo\n');
    await machine.put('tmp/hawkey.log', 'of hawkey\n');
    await machine.run(await pre('true\n'));
    await bastion.until(() => bastion.texts('dnf').length === 3);
    await appendFile(machine.path('tmp/dnf.librepo.log'), 'more of librepo\n');
    await appendFile(machine.path('tmp/dnf.log'), 'more of libdnf5\n');
    await bastion.until(() => bastion.texts('dnf').length === 5);
    const lines = bastion.lines.filter(({ source }) => source === 'dnf');
    expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(lines.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['of libdnf5', 'of librepo', 'of hawkey', 'more of librepo', 'more of libdnf5']),
    );
  });

  it('that was killed is started by the next section, and numbers what it sends again as before', async () => {
    await machine.run(await pre('echo one\n'));
    await bastion.until(() => bastion.texts('pre').includes('one') && ended('pre')());
    const pid = await machine.streamer();
    if (pid === undefined) throw new Error('no streamer');
    process.kill(pid, 'SIGKILL');
    await machine.put('tmp/program.log', 'while nobody listened\n');
    await machine.run(await sectionWith('%pre-install', 'echo two\n', installInput(bastion.url)));
    await bastion.until(
      () => bastion.texts('program').length > 0 && bastion.texts('pre-install').includes('two'),
    );
    expect(bastion.texts('pre').filter((text) => text !== WITHOUT_LEAVE)).toEqual(['one']);
    expect(await machine.streamer()).not.toBe(pid);
  });

  it('keeps everything while the bastion is away, and a section that succeeds waits for nothing', async () => {
    const { port } = bastion;
    const script = await pre('stage disk\necho written in the dark\n');
    await bastion.stop();
    const end = await machine.run(script, { LAB_FLUSH_SECONDS: '3600' });
    expect(end.code).toBe(0);
    await bastion.listen(port);
    await bastion.until(
      () => bastion.story.includes('partitioning started') && bastion.texts('pre').length > 0,
    );
    expect(bastion.story).toEqual([
      'pre started',
      'disk started',
      'disk ended',
      'pre ended',
      'partitioning started',
    ]);
    expect(bastion.texts('pre')).toEqual(['written in the dark', WITHOUT_LEAVE]);
  });

  it('delays a failing section only so long when the bastion is away', async () => {
    const script = await pre('false\n');
    await bastion.stop();
    const end = await machine.run(script, { LAB_FAILED_SECONDS: '1' });
    expect(end.code).toBe(1);
  });

  it('that finds a bastion which never answers neither hangs the section nor holds its output', async () => {
    const { createServer } = await import('node:net');
    const mute = createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const end = await machine.run(
      await sectionWith('%post', 'stage ssh\necho x\n', installInput(`http://127.0.0.1:${port}`), 1),
      { LAB_FLUSH_SECONDS: '1' },
    );
    mute.close();
    expect(end).toMatchObject({ code: 0, output: '' });
    // Nothing of the chroot lives on, and what was not delivered waits for the first boot.
    await expect(stat(machine.path('sysroot/var/lib/lab/install/streamer'))).rejects.toThrow('ENOENT');
    expect((await readdir(machine.path('sysroot/var/lib/lab/install/spool'))).length).toBeGreaterThan(2);
  });

  it('delivers what comes after a batch or a report that the bastion refuses', async () => {
    let refusals = 0;
    bastion.answer = (path, body) => {
      const refuse = (path === '/api/log' && body.includes('poison')) || body.includes('"stage":"hardware"');
      if (refuse) refusals += 1;
      return refuse ? { status: 400 } : undefined;
    };
    const running = machine.run(
      await pre(`stage hardware\necho poison\n${await_('go')}stage disk\necho fine\n`),
    );
    await bastion.until(() => refusals >= 2);
    await machine.put('tmp/go', '');
    await running;
    await bastion.until(
      () => bastion.texts('pre').includes('fine') && bastion.story.includes('partitioning started'),
    );
    expect(bastion.story).toEqual([
      'pre started',
      'disk started',
      'disk ended',
      'pre ended',
      'partitioning started',
    ]);
  });

  it('sends any bytes as UTF-8 and JSON, whole lines only, and an unfinished one at the end', async () => {
    const bytes = String.raw`good \303\244 \342\202\254 \360\237\230\200 "q" \\ back\ttab\nbad \377\376 \303 \355\240\200 x\n\033[31mred\033[0m\001\000nul\n10%%\r50%%\r100%%\n\nno newline`;
    const running = machine.run(await pre(`printf '${bytes}'\n${await_('go')}false\n`));
    await bastion.until(() => bastion.texts('pre').length >= 4);
    expect(bastion.texts('pre')).toEqual([
      'good ä € 😀 "q" \\ back\ttab',
      'bad \uFFFD\uFFFD \uFFFD \uFFFD\uFFFD\uFFFD x',
      ' [31mred [0m  nul',
      '100%',
      '',
    ]);
    await machine.put('tmp/go', '');
    await running;
    await bastion.until(() => bastion.texts('pre').includes('no newline'));
    expect(bastion.lines.map((line) => line.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('splits a flood into bounded batches, in order, without a gap', async () => {
    await machine.run(
      await pre(
        'for ((i = 1; i <= 3000; i++)); do echo "line $i"; done\necho "$(printf "%9000s" x)"\necho end\n',
      ),
    );
    await bastion.until(() => bastion.texts('pre').includes('end'));
    const texts = bastion.texts('pre');
    expect(texts.slice(0, 3000)).toEqual(Array.from({ length: 3000 }, (_, index) => `line ${index + 1}`));
    expect(texts[3000]).toHaveLength(8000);
    expect(bastion.lines.map((line) => line.seq)).toEqual(texts.map((_, index) => index + 1));
    expect(Math.max(...bastion.batches.map((batch) => batch.length))).toBeLessThanOrEqual(1000);
    expect(Math.max(...bastion.requests.map((request) => request.body.length))).toBeLessThan(1_048_576);
  });

  it('never sends a token, and keeps it in private files', async () => {
    await machine.put(
      'tmp/syslog',
      `Command line: inst.ks=http://10.0.0.1/ks/install/${'k'.repeat(43)} quiet\n`,
    );
    await machine.run(await pre('echo "secret $LAB_TOKEN"\nenv\nstage disk\nlab_fail "with $LAB_TOKEN"\n'));
    await bastion.until(() => bastion.texts('syslog').length > 0);
    const sent = bastion.requests.map((request) => request.body).join('\n');
    expect(sent).toContain('secret ***');
    expect(sent).toContain('/ks/install/*** quiet');
    expect(sent).not.toContain(TOKEN);
    for (const file of ['data', 'token', 'curl.conf']) {
      expect((await stat(machine.path('tmp/lab', file))).mode & 0o777).toBe(0o600);
    }
  });

  it('says that it is still here when there is nothing to say', async () => {
    await machine.run(await pre('true\n'), { LAB_HEARTBEAT_SECONDS: '1' });
    await bastion.until(() => bastion.batches.some((batch) => batch.length === 0));
  });

  it('ends with the farewell section, after the last lines', async () => {
    await machine.run(await pre('true\n'));
    await bastion.until(ended('pre'));
    await machine.put('tmp/anaconda.log', 'last words');
    const end = await machine.run(await section('%post', installInput(bastion.url), 2));
    expect(end.code).toBe(0);
    expect(await machine.streamer()).toBeUndefined();
    expect(bastion.texts('anaconda')).toEqual(['last words']);
  });

  it('works with the awk of a busybox system', async () => {
    const { busybox } = await programs(['busybox']);
    await machine.program('awk', `exec ${busybox} awk "$@"`);
    const end = await machine.run(await pre(String.raw`printf 'bad \377 "\303\244" \\ \t.\n'; false` + '\n'));
    expect(end.code).toBe(1);
    expect(bastion.texts('pre')).toEqual(['bad \uFFFD "ä" \\ \t.']);
    expect(bastion.progress.at(-1)?.failure?.last_lines).toEqual(['bad \uFFFD "ä" \\ \t.']);
  });
});
