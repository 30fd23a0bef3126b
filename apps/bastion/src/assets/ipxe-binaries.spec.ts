import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { arm64Binary, biosBinary, efiBinary, mediumBinaries } from './ipxe-binaries.js';

/** With what a build has in it that reads the script on a medium. */
const NEW = 'MZ … file:autoexec.ipxe';

describe('Which iPXE a machine is given', () => {
  let folder: string;
  const lay = async (...files: string[]): Promise<void> => {
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), NEW);
    }
  };
  const config = (): { ipxeDir: string } => ({ ipxeDir: folder });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ipxe-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('over the network is the one that uses the firmware’s driver, from media the one with its own', async () => {
    await lay(
      'ipxe.efi',
      'ipxe-amd64.efi',
      'snponly.efi',
      'undionly.kpxe',
      'ipxe.pxe',
      'ipxe.lkrn',
      'ipxe-arm64.efi',
    );
    expect((await efiBinary(config())).name).toBe('snponly.efi');
    expect((await biosBinary(config()))?.name).toBe('undionly.kpxe');
    expect((await arm64Binary(config()))?.name).toBe('ipxe-arm64.efi');
    const media = await mediumBinaries(config());
    expect(Object.values(media).map((binary) => binary?.name)).toEqual([
      'ipxe-amd64.efi',
      'ipxe.lkrn',
      'ipxe-arm64.efi',
    ]);
  });

  it('is what there is, under the names of other distributions too', async () => {
    await lay('ipxe-x86_64.efi', 'ipxe.lkrn', 'arm64-efi/snponly.efi');
    expect((await efiBinary(config())).name).toBe('ipxe-x86_64.efi');
    expect(await biosBinary(config())).toBeUndefined();
    expect((await arm64Binary(config()))?.name).toBe('arm64-efi/snponly.efi');
    const media = await mediumBinaries(config());
    expect(media['arm64-efi']).toBeUndefined();
  });

  it('is never a link that leads nowhere, as in a package that was only unpacked', async () => {
    await symlink('/boot/ipxe.efi.of.nobody', join(folder, 'snponly.efi'));
    await lay('ipxe.efi');
    expect((await efiBinary(config())).name).toBe('ipxe.efi');
  });

  it('is an error that says what to install where there is none', async () => {
    await expect(efiBinary(config())).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(folder),
      hint: expect.stringContaining('apt-get install ipxe'),
    });
  });

  it('is refused for media if it would ignore the script on them', async () => {
    await lay('ipxe.lkrn');
    await writeFile(join(folder, 'ipxe.efi'), 'MZ of 2019');
    await expect(mediumBinaries(config())).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/ipxe\.efi is too old for a boot medium/),
    });
  });
});
