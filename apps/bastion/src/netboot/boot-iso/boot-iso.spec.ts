import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mediaPrograms } from '@lab/testing';
import { startIn, temporaryFolder } from '../../../test/bastion-fixture.js';
import { bootEntries, fatFiles, gpt, isoFiles } from '../../../test/iso-bytes.js';
import type { RunningBastion } from '../../start-bastion.js';

const MAC = '52:54:00:12:34:56';
/** "Basic data", what firmware looks for a FAT on. */
const BASIC_DATA = 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7';

interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
  problem: { detail?: string; hint?: string; errors?: { path: string }[] };
}

describe('The boot medium', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let media: Record<string, string>;
  let bastion: RunningBastion;

  const start = (env: Record<string, string> = {}): Promise<RunningBastion> =>
    startIn(folder.path, { ...media, BASTION_NAME: 'site-a', ...env });
  const ask = async (query = '', init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${bastion.url}/boot.iso${query}`, init);
    const body = Buffer.from(await response.arrayBuffer());
    const isProblem = response.headers.get('content-type')?.includes('problem') === true;
    return {
      status: response.status,
      headers: response.headers,
      body,
      problem: (isProblem && body.length > 0 ? JSON.parse(body.toString()) : {}) as Answer['problem'],
    };
  };
  /** `fetch` would not pass a conditional request's 304 on. */
  const statusWith = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      get(`${bastion.url}/boot.iso`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      }).on('error', reject);
    });
  const image = async (query = ''): Promise<Buffer> => {
    const { status, body } = await ask(query);
    expect(status).toBe(200);
    return body;
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    media = await mediaPrograms(folder.path);
    bastion = await start();
  }, 120_000);
  afterAll(async () => {
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });

  it('is a disk with a boot sector and a GPT, whose one file system firmware finds', async () => {
    const iso = await image();
    expect(iso.subarray(510, 512).toString('hex')).toBe('55aa');
    expect(iso.subarray(512, 520).toString('latin1')).toBe('EFI PART');
    const partitions = gpt(iso) ?? [];
    const files = partitions
      .filter(({ type }) => type === BASIC_DATA)
      .map(({ firstSector, lastSector }) => iso.subarray(firstSector * 512, (lastSector + 1) * 512))
      .filter((part) => part.toString('latin1', 54, 57) === 'FAT')
      .map((part) => [...fatFiles(part).keys()].sort());
    expect(files).toEqual([
      ['/EFI/BOOT/BOOTAA64.EFI', '/EFI/BOOT/BOOTX64.EFI', '/EFI/BOOT/autoexec.ipxe', '/autoexec.ipxe'],
    ]);
  });

  it('is a CD with an entry for BIOS and one for UEFI', async () => {
    const iso = await image();
    const entries = bootEntries(iso);
    expect(entries.map(({ platform, bootable }) => ({ platform, bootable }))).toEqual([
      { platform: 0, bootable: true },
      { platform: 0xef, bootable: true },
    ]);
    const [bios, uefi] = entries.map(({ sector }) => iso.subarray(sector * 2048));
    const loader = await readFile(join(folder.path, 'isolinux/isolinux.bin'));
    // Between them the boot information table, which is written into it.
    expect(bios?.subarray(64, loader.length).equals(loader.subarray(64))).toBe(true);
    expect(fatFiles(uefi ?? Buffer.alloc(0)).has('/EFI/BOOT/BOOTX64.EFI')).toBe(true);
  });

  it('holds iPXE as it is here, and the same script for both firmwares under the names that they look for', async () => {
    const iso = await image();
    const onCd = isoFiles(iso);
    const inFat = fatFiles(onCd.get('/EFI/EFI.IMG') ?? onCd.get('/EFI/efi.img') ?? Buffer.alloc(0));
    const byName = new Map([...onCd].map(([name, content]) => [name.toLowerCase(), content]));
    const script = byName.get('/autoexec.ipxe')?.toString();
    expect(script).toContain(`chain --replace --autofree ${bastion.url}/boot.ipxe`);
    expect(inFat.get('/autoexec.ipxe')?.toString()).toBe(script);
    expect(inFat.get('/EFI/BOOT/autoexec.ipxe')?.toString()).toBe(script);
    const ipxe = media['BASTION_IPXE_DIR'] ?? '';
    expect(byName.get('/ipxe.lkrn')?.equals(await readFile(join(ipxe, 'ipxe.lkrn')))).toBe(true);
    expect(inFat.get('/EFI/BOOT/BOOTX64.EFI')?.equals(await readFile(join(ipxe, 'ipxe-amd64.efi')))).toBe(
      true,
    );
    expect(byName.get('/isolinux/isolinux.cfg')?.toString()).toContain(
      'KERNEL /ipxe.lkrn\n  APPEND initrd=/autoexec.ipxe',
    );
  });

  it('is made for a machine and its address if that is asked', async () => {
    const script = (iso: Buffer): string =>
      [...isoFiles(iso)].find(([name]) => name.toLowerCase() === '/autoexec.ipxe')?.[1].toString() ?? '';
    const other = script(
      await image(`?mac=${MAC}&mac=52-54-00-AA-BB-CC&address=10.0.0.2/24&gateway=10.0.0.1`),
    );
    expect(other).toContain(
      `iseq \${net\${index}/mac} ${MAC} || iseq \${net\${index}/mac} 52:54:00:aa:bb:cc`,
    );
    expect(other).toContain('set net${index}/ip 10.0.0.2\n');
    expect(script(await image())).not.toContain(MAC);
  });

  it('has the same bytes whenever and however often it is made', async () => {
    const first = await image(`?mac=${MAC}`);
    await rm(join(folder.path, 'iso'), { recursive: true });
    const all = await Promise.all(Array.from({ length: 5 }, () => image(`?mac=${MAC}`)));
    for (const again of all) expect(again.equals(first)).toBe(true);
    expect((await readdir(join(folder.path, 'iso'))).length).toBe(1);
  });

  it('answers HEAD, ranges and conditional requests', async () => {
    const iso = await image();
    const head = await ask('', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers.get('content-length')).toBe(String(iso.length));
    expect(head.headers.get('content-disposition')).toContain('lab-boot.iso');
    const range = await ask('', { headers: { range: 'bytes=510-511' } });
    expect(range).toMatchObject({ status: 206, body: Buffer.from('55aa', 'hex') });
    expect(await statusWith({ 'if-none-match': head.headers.get('etag') ?? '' })).toBe(304);
    expect(await statusWith({ 'if-none-match': '"another"' })).toBe(200);
  });

  it.each([
    ['?mac=nonsense', 'mac.0'],
    ['?address=10.0.0.2', 'address'],
    ['?address=10.0.0.2/24', 'gateway'],
    ['?gateway=10.0.0.1', 'gateway'],
    ['?address=10.0.0.2/24&address=10.0.0.3/24&gateway=10.0.0.1', 'address'],
    ['?address=10.0.0.2/24%0Ashell&gateway=10.0.0.1', 'address'],
    ['?adress=10.0.0.2/24', ''],
  ])('refuses %s', async (query, errorPath) => {
    const { status, problem } = await ask(query);
    expect(status).toBe(400);
    expect(problem.errors?.[0]?.path).toBe(errorPath);
    expect(problem.hint).toMatch(/\w/);
  });

  it('keeps only so many, and takes away what was left unfinished', async () => {
    const kept = join(folder.path, 'iso');
    await mkdir(join(kept, 'work-abc'), { recursive: true });
    for (let index = 0; index < 20; index += 1) await writeFile(join(kept, `${index}.iso`), 'old');
    await image('?mac=52:54:00:00:00:01');
    const names = await readdir(kept);
    expect(names.length).toBe(16);
    expect(names).not.toContain('work-abc');
  });

  describe('of a bastion that lacks something', () => {
    const lacking = async (env: Record<string, string>): Promise<Answer> => {
      await bastion.stop();
      bastion = await start(env);
      const answer = await ask(`?mac=52:54:00:00:00:02`);
      await bastion.stop();
      bastion = await start();
      return answer;
    };
    const folderWith = async (name: string, files: Record<string, string>): Promise<string> => {
      const made = join(folder.path, name);
      await mkdir(made, { recursive: true });
      for (const [file, text] of Object.entries(files)) await writeFile(join(made, file), text);
      return made;
    };

    it('says which file of iPXE is missing', async () => {
      const { status, problem } = await lacking({
        BASTION_IPXE_DIR: await folderWith('no-bios', { 'ipxe.efi': 'MZ autoexec.ipxe' }),
      });
      expect(status).toBe(404);
      expect(problem.detail).toMatch(/iPXE for BIOS was not found in .*no-bios/);
      expect(problem.hint).toContain('ipxe.lkrn');
    });

    it('says that its iPXE is too old to read the script on the medium', async () => {
      const old = await folderWith('old', { 'ipxe.efi': 'MZ of 2019', 'ipxe.lkrn': 'lkrn' });
      const { status, problem } = await lacking({ BASTION_IPXE_DIR: old });
      expect(status).toBe(404);
      expect(problem.detail).toMatch(/ipxe\.efi is too old for a boot medium/);
      expect(problem.hint).toContain('BASTION_IPXE_DIR');
    });

    it('says that ISOLINUX is missing, and what to install', async () => {
      const { status, problem } = await lacking({ BASTION_ISOLINUX_DIR: await folderWith('none', {}) });
      expect(status).toBe(404);
      expect(problem.hint).toContain('apt-get install isolinux syslinux-common');
    });

    it('says that xorriso or mtools is missing, and what to install', async () => {
      const { status, problem } = await lacking({ PATH: await folderWith('bin', {}) });
      expect(status).toBe(404);
      expect(problem.detail).toMatch(/^mformat is not installed/);
      expect(problem.hint).toContain('apt-get install mtools');
      expect((await readdir(join(folder.path, 'iso'))).filter((name) => !name.endsWith('.iso'))).toEqual([]);
    });
  });
});
