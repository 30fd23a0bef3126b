import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnose } from '@lab/domain';
import {
  installPlan,
  operatorToken,
  serverPlan,
  startIn,
  temporaryFolder,
} from '../../test/bastion-fixture.js';
import type { RunningBastion } from '../start-bastion.js';

const MAC = '52:54:00:00:0a:01';
const STAGE2 = 'images/install.img';

describe('A machine that does not get as far as the kickstart', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let bastion: RunningBastion;

  const startWith = async (patienceSeconds: string): Promise<void> => {
    const server = serverPlan(MAC, { install: installPlan() });
    const plan = { generation: 1, full: true, servers: [server], removed: [] };
    await writeFile(join(folder.path, 'plans.ndjson'), `${JSON.stringify(plan)}\n`);
    bastion = await startIn(folder.path, { BASTION_BOOT_PATIENCE_SECONDS: patienceSeconds });
  };
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(async () => {
    await bastion.stop();
    await folder[Symbol.asyncDispose]();
  });

  const put = async (path: string): Promise<void> => {
    const file = join(folder.path, 'assets/fedora-43', path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '<!DOCTYPE html>');
  };
  const get = async (path: string, headers = {}): Promise<string> =>
    (await fetch(`${bastion.url}${path}`, { headers })).text();
  const asset = (path: string, headers = {}) => get(`/assets/fedora-43/${path}`, headers);
  const script = () => get(`/boot/${MAC}.ipxe?platform=efi`);
  const log = async (): Promise<{
    state: string;
    reason: string | null;
    log_lines: { text: string }[];
    stages: { stage: string; state: string; message: string | null }[];
  }> =>
    JSON.parse(
      await get(`/api/logs/${MAC}`, { authorization: `Bearer ${await operatorToken(folder.path)}` }),
    ) as never;
  const failed = async () => {
    for (;;) {
      const now = await log();
      if (now.state === 'failed') return now;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const causeOf = (message: string | null) =>
    diagnose(
      { stage: 'boot', section: null, line: null, command: null, exitCode: null, message, lastLines: [] },
      [],
    ).rule;

  it('for want of its second stage is told to wait in discovery when it starts again, with the cause', async () => {
    await startWith('600');
    expect(await script()).toContain('/ks/install/');
    for (let times = 0; times < 5; times += 1) await asset(STAGE2);
    const before = await log();
    expect(before.state).not.toBe('failed');
    const said = `failed to fetch stage2: the machine asked for ${STAGE2} of the profile "fedora-43", which is not there (404)`;
    expect(before.log_lines.filter(({ text }) => text.includes(STAGE2)).map(({ text }) => text)).toEqual([
      said,
    ]);
    expect(await script()).toContain('/ks/discovery');
    expect(await log()).toMatchObject({ state: 'failed', reason: `${said}, 5 times` });
    expect(causeOf(said)).toBe('stage2-not-found');
  });

  it('is failed when it goes on asking in vain', async () => {
    await startWith('0');
    await script();
    await asset('images/pxeboot/initrd.img');
    const { reason } = await failed();
    expect(reason).toContain(
      'images/pxeboot/initrd.img of the profile "fedora-43", which is not there (404)',
    );
    expect(causeOf(reason)).toBe('boot-file-not-fetched');
  });

  it('but finds the file in time goes on', async () => {
    await startWith('600');
    await script();
    await asset(STAGE2);
    await put(STAGE2);
    await asset(STAGE2);
    expect(await script()).toContain('/ks/install/');
  });

  it.each(['.treeinfo', 'treeinfo', 'images/updates.img', 'images/product.img', 'LiveOS/squashfs.img'])(
    'for another reason is not blamed on %s, which healthy trees lack',
    async (path) => {
      await startWith('0');
      await script();
      await asset(path);
      expect(await script()).toContain('/ks/install/');
      expect((await log()).log_lines.some(({ text }) => text.includes(path))).toBe(false);
    },
  );

  it('loads the same second stage over and over: it is none', async () => {
    await startWith('600');
    await put(STAGE2);
    await script();
    for (let times = 0; times < 4; times += 1) await asset(STAGE2);
    expect(await script()).toContain('/ks/discovery');
    const { reason } = await log();
    // The last one counts when the bastion has sent it, which may be a moment after it was read.
    expect(reason).toMatch(/loaded images\/install\.img of the profile "fedora-43" [34] times/);
    expect(causeOf(reason)).toBe('stage2-unreadable');
  });

  it('has its second stage and takes a kickstart from elsewhere', async () => {
    await startWith('0');
    await put(STAGE2);
    await script();
    await asset(STAGE2);
    const { reason } = await failed();
    expect(reason).toMatch(/^the kickstart was asked of somebody else: /);
    expect(causeOf(reason)).toBe('kickstart-is-html');
  });

  it('and fetches its kickstart after the second stage: nothing is said', async () => {
    await startWith('600');
    await put(STAGE2);
    const address = /inst\.ks=http:\/\/[^/]+(\/ks\/install\/\S+)/.exec(await script())?.[1] ?? '';
    await asset(STAGE2);
    await get(address);
    expect((await log()).log_lines.at(-1)?.text).toMatch(/^kickstart fetched from /);
    expect(await log()).toMatchObject({ state: 'active' });
  });

  it('is known by its address, or by the MAC address that dracut sends from another', async () => {
    await startWith('600');
    await script();
    const said = async () =>
      (await log()).log_lines.filter(({ text }) => text.includes('not there (404)')).length;
    const from = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(bastion.url);
        const path = `/assets/fedora-43/${STAGE2}`;
        request({ hostname, port, path, headers, localAddress: '127.0.0.2' }, (response) =>
          response.resume().once('end', resolve),
        )
          .once('error', reject)
          .end();
      });
    await from({ 'X-RHN-Provisioning-MAC-0': 'eth0 52:54:00:00:0a:02' });
    expect(await said()).toBe(0);
    await from({
      'X-RHN-Provisioning-MAC-0': 'eth0 52:54:00:00:0a:09',
      'X-RHN-Provisioning-MAC-1': `eth1 ${MAC}`,
    });
    expect(await said()).toBe(1);
  });
});
