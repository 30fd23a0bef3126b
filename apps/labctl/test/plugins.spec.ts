import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeLabd } from './fake-labd.js';
import { aServer } from './resources.js';
import { Labctl } from './run-labctl.js';

const run = promisify(execFile);
const app = join(import.meta.dirname, '..');
const template = join(app, '../../docs/plugin-template');

let labd: FakeLabd;
let labctl: Labctl;
let folder: string;
beforeAll(async () => {
  labd = await FakeLabd.start();
  labctl = new Labctl();
  labctl.loggedInAt(labd.url, labd.tokens);
  folder = mkdtempSync(join(tmpdir(), 'labctl-plugin-'));
});
afterAll(async () => {
  labctl.remove();
  rmSync(folder, { recursive: true, force: true });
  await labd.stop();
});

const bundle = (...args: string[]) => run(process.execPath, [join(app, 'scripts/bundle.mjs'), ...args]);

describe('a plugin in the bundle', () => {
  it('is made of the template, wherever that is copied, and is a command like the others', async () => {
    const plugin = join(folder, 'rack');
    cpSync(template, plugin, { recursive: true });
    await bundle('--plugin', plugin, '--out', join(folder, 'labctl'));
    // The folder stands alone, and is called through a link as an installed program is.
    const program = join(folder, 'labctl-with-rack');
    symlinkSync(join(folder, 'labctl/run.js'), program);
    const typed = (...args: string[]) =>
      run(process.execPath, [program, ...args], { env: { HOME: labctl.home, PATH: '/usr/bin:/bin' } });
    labd.servers.push(
      aServer(1, { labels: { rack: 'a1' } }),
      aServer(2, { labels: { rack: 'a1' } }),
      aServer(3, { labels: { rack: 'b2' } }),
    );
    expect((await typed('rack', 'list')).stdout).toBe('NAME   SERVERS\na1     2\nb2     1\n');
    expect(JSON.parse((await typed('rack', 'list', '-o', 'json')).stdout)).toEqual({
      items: [
        { name: 'a1', count: 2 },
        { name: 'b2', count: 1 },
      ],
    });
    expect((await typed('--help')).stdout).toMatch(/ {2}rack +Servers by the rack they stand in\n/);
    expect((await typed('get', 'servers', '-o', 'name')).stdout).toMatch(/^server\/node1\n/);
  });

  it.each([
    ['has no package.json', undefined, 'is no plugin: it has no package.json'],
    ['is no oclif plugin', '{}', 'it has no "oclif"'],
    ['has no commands', '{"oclif":{}}', 'there is no folder'],
  ])('that %s is refused with what is wrong', async (name, packageJson, message) => {
    const plugin = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(plugin);
    if (packageJson !== undefined) writeFileSync(join(plugin, 'package.json'), packageJson);
    const failure = bundle('--plugin', plugin, '--out', join(folder, 'none'));
    await expect(failure).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  });

  it('that has a command of labctl is refused', async () => {
    const plugin = join(folder, 'greedy');
    mkdirSync(join(plugin, 'src/commands'), { recursive: true });
    writeFileSync(join(plugin, 'package.json'), '{"oclif":{}}');
    writeFileSync(join(plugin, 'src/commands/get.ts'), 'export default class {}');
    await expect(bundle('--plugin', plugin, '--out', join(folder, 'none'))).rejects.toMatchObject({
      stderr: expect.stringContaining('the command "get" is in'),
    });
  });
});

describe('a program on PATH', () => {
  let path: string;
  const program = (name: string, script: string, mode = 0o755): void =>
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode });
  const typed = (...args: string[]) => labctl.run(args, { env: { PATH: path } });
  beforeAll(() => {
    mkdirSync(join(folder, 'bin'));
    path = `${join(folder, 'bin')}:/usr/bin:/bin`;
    program('labctl-disk', 'echo "disk: $*"; exit 7');
    program('labctl-disk-wipe', 'echo "wipe: $*"');
    program('labctl-get', 'echo never');
    program('labctl-plain', 'echo never', 0o644);
  });

  it('is a command: the longest name counts, and its exit code is labctl’s', async () => {
    expect(await typed('disk', 'show', '--all')).toEqual({
      code: 7,
      stdout: 'disk: show --all\n',
      stderr: '',
    });
    expect(await typed('disk', 'wipe', 'node1')).toMatchObject({ code: 0, stdout: 'wipe: node1\n' });
    expect(await typed('disk', 'wipe', 'server/node1', '../x y')).toMatchObject({
      stdout: 'wipe: server/node1 ../x y\n',
    });
    expect(await typed('disk', '--help')).toMatchObject({ stdout: 'disk: --help\n' });
  });

  it('never stands for a command that labctl has, nor is one that may not be run', async () => {
    expect((await typed('get', 'servers', '-o', 'name')).stdout).not.toContain('never');
    expect(await typed('plain')).toMatchObject({ code: 2, stderr: expect.stringContaining('"plain"') });
    expect(await typed('../disk')).toMatchObject({ code: 2 });
  });

  it('whose interpreter is not there is an error with a hint', async () => {
    writeFileSync(join(folder, 'bin/labctl-broken'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const { code, stderr } = await typed('broken');
    rmSync(join(folder, 'bin/labctl-broken'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: .*labctl-broken can't be run\nhint: Check that it may be executed/);
  });

  it('is found behind a folder of PATH that may not be read', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0 });
    const env = { PATH: `${locked}:${path}` };
    expect(await labctl.run(['disk'], { env })).toMatchObject({ code: 7, stdout: 'disk: \n' });
    expect(await labctl.run(['nothing-of-that-name'], { env })).toMatchObject({ code: 2 });
    rmdirSync(locked);
  });

  it('is listed', async () => {
    const { stdout, stderr } = await typed('plugin', 'list');
    const bin = join(folder, 'bin');
    expect(stdout.split('\n').map((line) => line.split(/ {3,}/))).toEqual([
      ['NAME', 'PATH'],
      ['disk', join(bin, 'labctl-disk')],
      ['disk wipe', join(bin, 'labctl-disk-wipe')],
      ['get', join(bin, 'labctl-get')],
      [''],
    ]);
    expect(stderr).toBe(
      `Warning: ${join(bin, 'labctl-get')} is never run: labctl has that command itself.\n`,
    );
  });
});
