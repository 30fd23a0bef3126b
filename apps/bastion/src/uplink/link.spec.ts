import { mkdir, writeFile, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serverPlan, startIn, temporaryFolder } from '../../test/bastion-fixture.js';
import { FakeLabd } from '../../test/fake-labd.js';
import { Host } from '../../test/host.js';
import type { RunningBastion } from '../start-bastion.js';
import { Backoff } from './backoff.js';

describe('The link of a bastion with labd', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let labd: FakeLabd;
  let bastion: RunningBastion | undefined;
  let env: Record<string, string>;
  let nextMac = 0;

  const discover = async (): Promise<string> => {
    nextMac += 1;
    const mac = `52:54:00:00:01:${nextMac.toString(16).padStart(2, '0')}`;
    const answer = await fetch(`${bastion?.url ?? ''}/api/discovery`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mac }),
    });
    expect(answer.status).toBe(200);
    return mac;
  };
  const seen = (): string[] =>
    labd.committed.facts.flatMap((fact) =>
      fact.type === 'bastion-state-sync' ? fact.payload.machines.map((machine) => machine.mac) : [],
    );
  const start = async (): Promise<void> => {
    bastion = await startIn(folder.path, env);
  };

  beforeEach(async () => {
    folder = await temporaryFolder();
    labd = await FakeLabd.start();
    const tokenFile = join(folder.path, 'join-token');
    await writeFile(tokenFile, `${labd.joinToken}\n`);
    env = { LABD_URL: labd.url, BASTION_JOIN_TOKEN_FILE: tokenFile, BASTION_NAME: 'site-a' };
    bastion = undefined;
  });
  afterEach(async () => {
    await bastion?.stop();
    await labd.stop();
    await folder[Symbol.asyncDispose]();
  });

  it('begins with the join token once, and then uses the credential, which only its user may read', async () => {
    await start();
    await labd.until(() => labd.hellos === 1);
    await bastion?.stop();
    const file = join(folder.path, 'labd-credential.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain(labd.credential);
    await start();
    await labd.until(() => labd.hellos === 2);
  });

  it('tells what can be installed, and again when a file of an install tree comes or goes', async () => {
    const files = ['vmlinuz', 'initrd.img'].map((name) => `images/pxeboot/${name}`);
    files.push('images/install.img', 'repodata/repomd.xml');
    const tree = join(folder.path, 'assets', 'fedora-43');
    for (const name of ['images/pxeboot', 'repodata']) await mkdir(join(tree, name), { recursive: true });
    await start();
    await labd.until(() => labd.hellos === 1);
    const { profiles, layouts, roles } = labd.lastHello ?? {};
    const said = (of: typeof profiles) => of?.find(({ name }) => name === 'fedora-43');
    expect(said(profiles)).toMatchObject({
      arch: 'x86_64',
      minMemoryBytes: 2 ** 31,
      bootModes: ['uefi', 'bios'],
    });
    expect(said(profiles)?.missing).toEqual([...files].sort());
    expect(layouts).toContainEqual(expect.objectContaining({ name: 'small', minDiskBytes: 20e9 }));
    expect(roles).toContainEqual({ name: 'worker', layout: 'worker' });
    for (const file of files) await writeFile(join(tree, file), 'x');
    await labd.until(() => said(labd.inventories.at(-1)?.profiles)?.missing?.length === 0);
    await rm(join(tree, files[0] ?? ''));
    await labd.until(() => said(labd.inventories.at(-1)?.profiles)?.missing?.[0] === files[0]);
  });

  it('tells labd of a machine that went on after its install was cancelled, and nobody else of it', async () => {
    await start();
    await labd.until(() => labd.hellos === 1);
    const mac = '52:54:00:00:09:01';
    const server = serverPlan(mac);
    labd.plan([server]);
    await labd.until(() => labd.ackedPlans.includes(1));
    const get = async (path: string) => (await fetch(`${bastion?.url ?? ''}${path}`)).text();
    const script = await get(`/boot/${mac}.ipxe`);
    const kickstart = await get(/inst\.ks=\S+?(\/ks\/install\/\S+)/.exec(script)?.[1] ?? '');
    const token = /^LAB_TOKEN='?([\w-]+)'?$/m.exec(kickstart)?.[1] ?? '';
    const report = async (seq: number, stage: string, event: string): Promise<number> => {
      const { status } = await fetch(`${bastion?.url ?? ''}/api/progress`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ stage, event, seq }),
      });
      return status;
    };
    const told = () =>
      labd.committed.facts.flatMap((fact) =>
        fact.type === 'bastion-progress' ? [`${fact.payload.stage} ${fact.payload.event}`] : [],
      );
    expect(await report(1, 'pre', 'started')).toBe(204);
    labd.plan([{ ...server, action: 'local-disk', phase: 'installed', install: null }]);
    let seq = 2;
    while ((await report(seq, 'hardware', 'started')) !== 410) seq += 1;
    // A second address has no say in it, though it has the token.
    const elsewhere = new Host(() => bastion?.url ?? '', '127.0.0.66');
    expect(await elsewhere.progress(token, 'packages', 'started', seq + 4)).toBe(403);
    // Its question before it touches the disk is answered, and no word that it did.
    expect(await report(seq + 1, 'partitioning', 'started')).toBe(410);
    expect(await report(seq + 2, 'partitioning', 'ended')).toBe(410);
    expect(await report(seq + 3, 'packages', 'started')).toBe(410);
    await labd.until(() => told().includes('partitioning started'));
    expect(told().filter((text) => /^(?:partitioning|packages)/.test(text))).toEqual([
      'partitioning started',
    ]);
    expect((await fetch(`${bastion?.url ?? ''}/api/progress`, { method: 'POST' })).status).toBe(401);
  });

  it('is made again when it is cut, and loses and repeats nothing', async () => {
    await start();
    const macs: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      macs.push(await discover(), await discover());
      await labd.until(() => seen().length >= macs.length);
      labd.cut();
      macs.push(await discover());
    }
    await labd.until(() => seen().length >= macs.length);
    expect(seen()).toEqual(macs);
  });

  it('brings a labd with a new database all machines again', async () => {
    await start();
    const macs = [await discover(), await discover()];
    await labd.until(() => seen().length === 2);
    labd.forget();
    labd.cut();
    await labd.until(() => new Set(seen()).size === 2);
    expect([...new Set(seen())]).toEqual(macs);
  });

  it('begins a new epoch with all machines when labd has committed more than the spool has', async () => {
    await start();
    const mac = await discover();
    await labd.until(() => seen().length === 1);
    const epoch = labd.positions.get('facts')?.epoch ?? '';
    labd.positions.set('facts', { epoch, seq: 999 });
    labd.cut();
    await labd.until(() => seen().filter((one) => one === mac).length >= 2);
    expect(labd.positions.get('facts')?.epoch).not.toBe(epoch);
  });

  it('brings plans that are on the disk before they are acked', async () => {
    await start();
    const mac = await discover();
    labd.plan([serverPlan(mac)]);
    await labd.until(() => labd.ackedPlans.includes(1));
    await labd.stop();
    await bastion?.stop();
    await start();
    expect(await (await fetch(`${bastion?.url ?? ''}/api/boot/${mac}`)).json()).toEqual({
      action: 'install',
    });
  });

  it('tells labd of which installs it has heard', async () => {
    await start();
    const mac = await discover();
    const plan = serverPlan(mac);
    labd.plan([plan]);
    await labd.until(() => labd.ackedPlans.includes(1));
    await fetch(`${bastion?.url ?? ''}/boot/${mac}.ipxe`);
    labd.cut();
    await labd.until(() => labd.heard.length > 0);
    expect(labd.heard[0]).toEqual({ installId: plan.install?.installId, agoMs: expect.any(Number) });
  });

  it('holds machines up by nothing while labd does not commit', async () => {
    labd.isStuck = true;
    await start();
    await labd.until(() => labd.hellos === 1);
    for (let count = 0; count < 100; count += 1) await discover();
    expect(seen()).toEqual([]);
  });
});

describe('Waits between attempts', () => {
  it('double up to the longest, shortened at random by up to half, and begin anew after a reset', () => {
    const none = new Backoff(500, 30_000, () => 0);
    expect(Array.from({ length: 8 }, () => none.next())).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    none.reset();
    expect(none.next()).toBe(500);
    expect(new Backoff(500, 30_000, () => 0.999).next()).toBeGreaterThanOrEqual(250);
  });
});
