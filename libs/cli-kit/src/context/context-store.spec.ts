import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliEnvironment } from '../config.js';
import { ContextStore, contextFilePath } from './context-store.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-spec-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const add = (store: ContextStore, name: string) =>
  store.update((file) => {
    file.set(name, { server: 'http://127.0.0.1:7070' });
    return true;
  });

describe('the contexts file on disk', () => {
  it('is readable by its owner alone, whatever it was before', async () => {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, 'contexts: {}\n');
    chmodSync(path, 0o644);
    await add(new ContextStore(path), 'local');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['config.yaml']);
  });

  it('loses nothing to changes at the same time', async () => {
    const path = join(folder, 'sub', 'config.yaml');
    const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
    await Promise.all(names.map((name) => add(new ContextStore(path), name)));
    expect((await new ContextStore(path).read()).names().sort()).toEqual(names);
  });

  it('stays a link if it is one', async () => {
    const real = join(folder, 'real.yaml');
    const path = join(folder, 'config.yaml');
    writeFileSync(real, 'contexts: {}\n');
    symlinkSync(real, path);
    await add(new ContextStore(path), 'local');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('local:');
  });

  it('is not written when nothing is to change', async () => {
    const path = join(folder, 'config.yaml');
    await new ContextStore(path).update(() => false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that can not be read or written is told with its path', async () => {
    const path = join(folder, 'config.yaml');
    mkdirSync(path);
    await expect(new ContextStore(path).read()).rejects.toThrow(`${path}: can't read it: EISDIR`);
    writeFileSync(join(folder, 'file'), '');
    await expect(add(new ContextStore(join(folder, 'file', 'config.yaml')), 'x')).rejects.toThrow(
      /can't (?:read|write) it/,
    );
  });
});

describe('the place of the contexts file', () => {
  it.each([
    [{ HOME: '/home/ada' }, '/home/ada/.config/labctl/config.yaml'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: '/xdg' }, '/xdg/labctl/config.yaml'],
    [{ HOME: '/home/ada', XDG_CONFIG_HOME: 'relative' }, '/home/ada/.config/labctl/config.yaml'],
    [{ LABCTL_CONFIG: '/tmp/mine.yaml' }, '/tmp/mine.yaml'],
  ])('with %j is %s', (variables, path) => {
    expect(contextFilePath(cliEnvironment(variables))).toBe(path);
  });

  it('can not be told without any of them', () => {
    expect(() => contextFilePath(cliEnvironment({ HOME: '' }))).toThrow('HOME is not set');
  });
});
