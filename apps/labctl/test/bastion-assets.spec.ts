import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { Labctl } from './run-labctl.js';

const INITRD_BYTES = 6 << 20;
/** Runs a command with a folder on a disk with 3 MiB free, then with all of its 9. */
const SMALL_DISK = `folder=$1; shift
mount -t tmpfs -o size=9m none "$folder" && head -c 6291456 /dev/zero >"$folder/of-others" || exit 9
"$@"; echo "after: code $?" >&2
rm "$folder/of-others" && exec "$@"`;

/** The real labctl and the real bastion's profiles; a mirror over a real socket. What pull itself does is tried beside createrepo_c. */
describe('labctl bastion assets', () => {
  let labctl: Labctl;
  let env: Record<string, string>;
  let mirror: Server;
  let url: string;
  const files = new Map<string, Buffer>();
  /** How much of the initrd is sent before the mirror falls silent. */
  const state = { sends: INITRD_BYTES, ranges: [] as (string | undefined)[] };

  beforeEach(async () => {
    labctl = new Labctl();
    const profiles = join(labctl.home, 'profiles');
    mkdirSync(profiles);
    mirror = createServer((request, response) => {
      const name = (request.url ?? '').split('/').at(-1) ?? '';
      const content = files.get(name);
      if (content === undefined) return void response.writeHead(404).end();
      const { range } = request.headers;
      if (name === 'initrd.img') state.ranges.push(range);
      const start = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
      response.writeHead(range === undefined ? 200 : 206, {
        'content-length': content.length - start,
        etag: '"one"',
        ...(range !== undefined && {
          'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
        }),
      });
      const most = name === 'initrd.img' ? state.sends : content.length;
      response.write(content.subarray(start, most));
      if (most === content.length) response.end();
    });
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/tree/`;
    Object.assign(state, { sends: INITRD_BYTES, ranges: [] });
    files.set('vmlinuz', randomBytes(2000)).set('initrd.img', randomBytes(INITRD_BYTES));
    const sum = (name: string) =>
      createHash('sha256')
        .update(files.get(name) ?? '')
        .digest('hex');
    files.set(
      '.treeinfo',
      Buffer.from(
        `[release]\nname = Small\nversion = 1\n[tree]\narch = x86_64\nvariants =\n[checksums]\nvmlinuz = sha256:${sum('vmlinuz')}\ninitrd.img = sha256:${sum('initrd.img')}\n`,
      ),
    );
    const profile = {
      ...{ name: 'small', title: 'Small', os: 'small', version: '1', arch: 'x86_64' },
      ...{ kernel: 'vmlinuz', initrd: 'initrd.img', source: url },
    };
    writeFileSync(join(profiles, 'small.yaml'), stringify(profile));
    env = { BASTION_DIR: join(labctl.home, 'site'), BASTION_PROFILES_DIR: profiles };
  });
  afterEach(async () => {
    mirror.closeAllConnections();
    await new Promise((resolve) => mirror.close(resolve));
    labctl.remove();
  });
  const run = (...args: string[]) => labctl.run(['bastion', 'assets', ...args], { env });
  const tree = (...path: string[]) => join(labctl.home, 'site/assets/small', ...path);
  const listed = async () => {
    const { stdout } = await run('list', '-o', 'json');
    const { items } = JSON.parse(stdout) as {
      items: { profile: string; tree: string; from: string | null }[];
    };
    return items.find(({ profile }) => profile === 'small');
  };

  it('pulls from where the profile says, lists, verifies, mends and removes', async () => {
    expect(await listed()).toMatchObject({ tree: 'none', from: null });
    const pulled = await run('pull', 'small');
    expect(pulled).toMatchObject({
      code: 0,
      stdout: 'profile/small pulled: 6Mi in 3 files, all checksums right\n',
    });
    expect(pulled.stderr).toContain('kernel, initrd and second stage\n');
    expect(await listed()).toMatchObject({ tree: 'complete', from: url, how: 'pull', missing: [] });
    expect((await run('list')).stdout).toMatch(/^small +complete +6Mi +127\.0\.0\.1:\d+ +\d+s +\d+s$/m);
    expect(await run('verify')).toMatchObject({ code: 0, stdout: 'small: 3 files are as they should be\n' });
    writeFileSync(tree('vmlinuz'), 'damaged');
    rmSync(tree('initrd.img'));
    const verified = await run('verify', 'small');
    expect(verified).toMatchObject({ code: 1 });
    expect(verified.stdout).toBe(
      'small: 2 of 3 files are damaged or missing; bring them again with: labctl bastion assets pull small\n' +
        '  vmlinuz has another checksum (sha256) than it should\n  initrd.img is missing\n',
    );
    expect(await listed()).toMatchObject({ tree: 'incomplete', verifiedAt: null });
    expect((await run('pull', 'small')).code).toBe(0);
    expect((await run('verify', 'small')).code).toBe(0);
    expect(await run('remove', 'small')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await run('remove', 'small', '--yes')).toMatchObject({
      code: 0,
      stdout: 'profile/small removed\n',
    });
    expect(await listed()).toMatchObject({ tree: 'none' });
    expect(await run('remove', 'small', '--yes')).toMatchObject({ code: 1 });
    expect(await run('verify', 'small')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('pull small'),
    });
  });

  it('stopped with Ctrl-C, says how it goes on, and goes on there', async () => {
    state.sends = 4 << 20;
    const running = labctl.start(['bastion', 'assets', 'pull', 'small', '--from', url], { env });
    const part = join(labctl.home, 'site/assets/.trees/small@staging/initrd.img.part');
    while (sizeOf(part) < state.sends) await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill('SIGINT');
    const stopped = await running.result;
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain(`Go on with: labctl bastion assets pull small --from ${url}`);
    expect(await listed()).toMatchObject({ tree: 'begun' });
    state.sends = INITRD_BYTES;
    expect((await run('pull', 'small', '--from', url)).code).toBe(0);
    expect(state.ranges).toEqual([undefined, `bytes=${4 << 20}-`]);
    expect(readFileSync(tree('initrd.img')).equals(files.get('initrd.img') ?? Buffer.alloc(0))).toBe(true);
  });

  it('says that the disk is full, and goes on when it isn’t any more', async () => {
    const site = join(labctl.home, 'site');
    mkdirSync(site);
    const inSmall = ['--user', '--map-root-user', '--mount', 'sh', '-c', SMALL_DISK, 'sh', site];
    const labctlRun = [process.execPath, join(import.meta.dirname, '../bin/run.js')];
    const pull = [...labctlRun, 'bastion', 'assets', 'pull', 'small'];
    const { stderr } = await new Promise<{ stderr: string }>((resolve) => {
      const options = { env: { ...env, HOME: labctl.home, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } };
      execFile('unshare', [...inSmall, ...pull], options, (_, out, err) => resolve({ stderr: out + err }));
    });
    expect(stderr).toContain('The disk is full: ');
    expect(stderr).toContain('hint: Free space');
    expect(stderr).toContain('after: code 1\n');
    expect(stderr).toContain('profile/small pulled: 6Mi in 3 files');
  });

  it('shows a bar on a terminal', async () => {
    const { code, stdout } = await labctl.startOnTerminal(['bastion', 'assets', 'pull', 'small'], { env })
      .result;
    expect(code).toBe(0);
    expect(stdout).toContain('\r\u001b[2K');
    expect(stdout).toContain('profile/small pulled');
  });

  it.each([
    [['pull', 'nope'], 1, 'There is no profile "nope"'],
    [['pull', 'fedora-43'], 2, 'it is not known where the tree of fedora-43 can be had'],
    [['pull', 'small', '--from', 'ftp://a/'], 2, 'is not an http(s) URL'],
    [['pull', 'small', '--from', 'http://user:secret@a/'], 2, 'the address has a user'],
    [['pull', 'small', '--repository', 'x'], 2, 'is not NAME=URL'],
    [['import', 'small', '/dev/null'], 1, 'is no ISO image'],
    [['verify', 'fedora-43'], 1, 'There is no install tree of fedora-43'],
  ])('refuses %j with exit code %i', async (args, code, says) => {
    const refused = await run(...args);
    expect(refused).toMatchObject({ code, stderr: expect.stringContaining(says) });
    expect(refused.stderr).toContain('hint: ');
    expect(refused.stderr).not.toContain('secret');
  });
});

function sizeOf(file: string): number {
  try {
    return readFileSync(file).length;
  } catch {
    return 0;
  }
}
