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

  it('pass shellcheck as rendered sections', async () => {
    const texts = [
      renderInstallKickstart(await assets(), installInput(URL_)),
      renderDiscoveryKickstart(await assets(), { bastionUrl: URL_ }),
    ];
    const scripts = texts
      .flatMap(sectionsOf)
      .filter((section: KickstartSection) => section.opener.includes('--interpreter=/bin/bash'));
    expect(scripts).toHaveLength(7);
    for (const { body } of scripts) {
      // Functions that a section has and doesn't use are notes, not warnings.
      expect(await shellcheck(['--shell=bash', '--severity=warning', '-'], body)).toBe('');
    }
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
