import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DhcpLab, siteOf } from '../../test/dhcp/dhcp-lab.js';
import { machine, served, taking } from '../../test/dhcp/site-under-test.js';
import { macOf, serverPlan, startIn, temporaryFolder } from '../../test/bastion-fixture.js';
import { FakeLabd } from '../../test/fake-labd.js';
import { partsOf } from '../uplink/dhcp-teller.js';
import type { RunningBastion } from '../start-bastion.js';

const network = served();
const part = { revision: 'one', part: 1, parts: 1, networks: [network], reservations: [] };

describe('A bastion that serves DHCP for labd', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let labd: FakeLabd;
  let lab: DhcpLab;
  let bastion: RunningBastion;
  let env: Record<string, string>;

  beforeEach(async () => {
    folder = await temporaryFolder();
    labd = await FakeLabd.start();
    lab = await DhcpLab.create(folder.path);
    const tokenFile = join(folder.path, 'join-token');
    await writeFile(tokenFile, labd.joinToken);
    await mkdir(join(folder.path, 'ipxe'));
    await writeFile(join(folder.path, 'ipxe', 'ipxe.efi'), 'MZ');
    env = {
      LABD_URL: labd.url,
      BASTION_JOIN_TOKEN_FILE: tokenFile,
      BASTION_IPXE_DIR: join(folder.path, 'ipxe'),
      BASTION_DNSMASQ: lab.dnsmasq,
      BASTION_DHCP_INTERFACE: 'lab0',
    };
    labd.serve(part);
    bastion = await startIn(folder.path, env);
  });
  afterEach(async () => {
    await bastion.stop();
    await labd.stop();
    await lab.close();
    await folder[Symbol.asyncDispose]();
  });
  const types = (mac: string) => (labd.netboot.get(mac) ?? []).map(({ type }) => type);

  it('tells who has which address and what happened to whom, again to a labd that was away', async () => {
    const probe = machine('pxe', 7);
    const { yiaddr } = await lab.ask(probe);
    await lab.ask(taking(probe, yiaddr, siteOf(0)));
    await labd.until(() => labd.leases.get(network.networkId)?.total === 1);
    expect(labd.leases.get(network.networkId)?.leases).toMatchObject([{ mac: probe.mac, address: yiaddr }]);
    await labd.until(() => types(probe.mac).includes('lease'));
    expect(types(probe.mac)).toEqual(['discover', 'offer', 'lease']);
    expect(labd.netboot.get(probe.mac)?.[1]?.text).toContain('boot file ipxe.efi');

    await fetch(`${bastion.url}/boot/${probe.mac.replaceAll(':', '-')}.ipxe`);
    await labd.until(() => types(probe.mac).includes('decision'));
    labd.leases.clear();
    labd.netboot.clear();
    labd.cut();
    await labd.until(() => labd.leases.size === 1 && types(probe.mac).length === 4);
    expect(types(probe.mac)).toEqual(['discover', 'offer', 'lease', 'decision']);
  });

  it('writes what it saw into the log of the install, from the first packet on', async () => {
    const probe = machine('pxe', 7);
    const plan = serverPlan(probe.mac);
    labd.plan([plan]);
    await labd.until(() => labd.ackedPlans.length >= 2 || labd.ackedPlans.includes(1));
    const { yiaddr } = await lab.ask(probe);
    await lab.ask(taking(probe, yiaddr, siteOf(0)));
    const lines = () =>
      labd.committed.logs.flatMap((fact) =>
        fact.type === 'bastion-log' && fact.payload.installId === plan.install?.installId
          ? fact.payload.lines
          : [],
      );
    await labd.until(() => lines().some(({ text }) => text.startsWith('lease: ')));
    expect(lines().map(({ source, text }) => `${source} ${text}`)).toEqual([
      `netboot discover: ${probe.mac} firmware (UEFI x64) asks for an address`,
      `netboot offer: ${probe.mac} at ${yiaddr} was offered an address; boot file ipxe.efi`,
      `netboot lease: ${probe.mac} at ${yiaddr} got its address; boot file ipxe.efi`,
    ]);
  });

  it('says as a condition what keeps it from serving', async () => {
    // This process doesn't see the interfaces of the other namespace, and so the given one isn't there.
    const stated = () => labd.statuses.flatMap(({ conditions }) => conditions);
    await labd.until(() => stated().some(({ type }) => type === 'DhcpProblem'));
    expect(stated()).toContainEqual(
      expect.objectContaining({ type: 'DhcpProblem', message: expect.stringContaining('lab0') }),
    );
    await labd.until(() => (labd.leases.get(network.networkId)?.problem ?? '').includes('lab0'));
  });
});

it('Events of many machines are told in frames that the link takes', () => {
  const at = new Date(0).toISOString();
  const event = { at, type: 'discover' as const, address: null, text: 'ü'.repeat(500) };
  const machines = Array.from({ length: 1_000 }, (_, number) => ({
    mac: macOf(
      `52:54:00:00:${(number >> 8).toString(16).padStart(2, '0')}:${(number & 255).toString(16).padStart(2, '0')}`,
    ),
    events: Array.from({ length: 32 }, () => event),
  }));
  const parts = partsOf(machines);
  expect(parts.flat()).toEqual(machines);
  expect(Math.max(...parts.map((some) => Buffer.byteLength(JSON.stringify(some))))).toBeLessThan(1024 * 1024);
  expect(partsOf(machines.map(({ mac }) => ({ mac, events: [] }))).every((some) => some.length <= 500)).toBe(
    true,
  );
});
