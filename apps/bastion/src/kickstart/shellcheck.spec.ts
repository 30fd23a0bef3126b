import { describe, expect, it } from '@jest/globals';
import { programs } from '@lab/testing';
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ASSETS, assets, installInput } from '../../test/kickstart/section-runner.js';
import { renderDiscoveryKickstart } from './discovery-kickstart.renderer.js';
import { renderInstallKickstart } from './install-kickstart.renderer.js';
import { sectionsOf, type KickstartSection } from './kickstart-sections.js';

const URL_ = 'http://192.168.77.1:7071';

async function shellcheck(args: string[], input = ''): Promise<string> {
  const { shellcheck: program } = await programs(['shellcheck']);
  const run = spawnSync(program, ['--norc', '--format=gcc', ...args], { input, encoding: 'utf8' });
  return run.stdout + run.stderr;
}

describe('the scripts that run on machines', () => {
  it('pass shellcheck, file by file', async () => {
    const dir = join(ASSETS, 'kickstart');
    const files = (await readdir(dir)).filter((name) => name.endsWith('.sh')).map((name) => join(dir, name));
    expect(files.length).toBeGreaterThan(8);
    expect(await shellcheck(files)).toBe('');
  });

  it('pass shellcheck as rendered sections, of every profile and role', async () => {
    const loaded = await assets();
    const orders = [...loaded.profiles.keys()].flatMap((profile) =>
      [...loaded.roles.keys()].map((role) => ({ profile, role })),
    );
    const texts = [
      ...orders.map((order) => renderInstallKickstart(loaded, installInput(URL_, order))),
      renderDiscoveryKickstart(loaded, { bastionUrl: URL_ }),
    ];
    const bodies = texts
      .flatMap(sectionsOf)
      .filter(({ opener }: KickstartSection) => opener.includes('--interpreter=/bin/bash'))
      .map(({ body }) => body);
    expect(bodies).toHaveLength(orders.length * 6 + 1);
    // The data is text to the shell that runs the section, and a script to the one that reads it: each is checked as what it is.
    const DATA = /(<<'LAB-DATA-END'\n)([\s\S]*?)(?=^LAB-DATA-END$)/m;
    const scripts = new Set(bodies.map((body) => body.replace(DATA, '$1')));
    expect(scripts.size).toBe(7);
    const data = new Set(bodies.flatMap((body) => DATA.exec(body)?.[2] ?? []));
    // Functions that a section has and doesn't use are notes, not warnings; what a data file sets is for who reads it.
    for (const script of scripts) {
      expect(await shellcheck(['--shell=bash', '--severity=warning', '-'], script)).toBe('');
    }
    expect(data.size).toBeGreaterThanOrEqual(orders.length);
    expect(await shellcheck(['--shell=bash', '--exclude=SC2034', '-'], [...data].join('\n'))).toBe('');
  });

  it('stay small enough to be read', async () => {
    const { readFile } = await import('node:fs/promises');
    const dir = join(ASSETS, 'kickstart');
    for (const name of (await readdir(dir)).filter((file) => file.endsWith('.sh'))) {
      expect([name, (await readFile(join(dir, name), 'utf8')).split('\n').length <= 300]).toEqual([
        name,
        true,
      ]);
    }
  });
});
