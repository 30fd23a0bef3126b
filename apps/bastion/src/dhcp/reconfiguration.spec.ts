import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { siteOf, type Probe } from '../../test/dhcp/dhcp-lab.js';
import { DHCP, ipBytes } from '../../test/dhcp/dhcp-packet.js';
import { SiteUnderTest, machine, served, taking } from '../../test/dhcp/site-under-test.js';
import { macOf } from '../../test/bastion-fixture.js';

const ONE = { first: '192.168.77.50', last: '192.168.77.50' };
const reservation = (networkId: string, { mac }: Probe, address: string) => ({
  ...{ networkId, mac: macOf(mac), address, hostname: 'node1' },
});

/** Looks again until it is so; the spec's own time-out ends a wait in vain. */
async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((again) => setTimeout(again, 20));
}

/** Takes an address as a machine does: DISCOVER, then REQUEST. */
async function lease(site: SiteUnderTest, probe: Probe): Promise<string> {
  const { yiaddr } = await site.lab.ask(probe);
  const ack = await site.lab.ask(taking(probe, yiaddr, siteOf(0)));
  expect(ack.options.get(53)?.[0]).toBe(DHCP.ack);
  return ack.yiaddr;
}
const offered = async (site: SiteUnderTest, probe: Probe): Promise<string> =>
  (await site.lab.ask(probe)).yiaddr;

describe('A change of what is served', () => {
  it('reaches machines within 5 s, and loses no lease', async () => {
    const before = served();
    const site = await SiteUnderTest.start({ networks: [before] });
    const old = machine('pxe', 7);
    const address = await lease(site, old);
    const since = performance.now();
    site.order([
      {
        ...before,
        ranges: [
          { first: '192.168.77.10', last: '192.168.77.19' },
          { first: address, last: address },
        ],
        gateway: '192.168.77.9',
      },
    ]);
    await until(async () => /^192\.168\.77\.1\d$/.test(await offered(site, machine('plain', null))));
    expect(performance.now() - since).toBeLessThan(5_000);
    // It renews what it has, and asks for it when it starts again.
    const again = await site.lab.ask({
      ...old,
      options: new Map([...old.options, [53, Buffer.from([DHCP.request])], [50, ipBytes(address)]]),
    });
    expect([again.options.get(53)?.[0], again.yiaddr]).toEqual([DHCP.ack, address]);
    expect(await offered(site, old)).toBe(address);
    expect(site.dhcp.reports()).toMatchObject([
      { total: 1, problem: null, leases: [{ mac: old.mac, address }] },
    ]);
    await site.stop();
  });

  it('of reservations reaches machines without a restart, also one that was taken away', async () => {
    const network = served();
    const site = await SiteUnderTest.start({ networks: [network] });
    const [first, second] = [machine('pxe', 7), machine('pxe', 0)];
    const pid = await readFile(join(site.folder, 'dnsmasq.pid'), 'utf8');
    site.order([network], [reservation(network.networkId, first, '192.168.77.7')]);
    await until(async () => (await offered(site, first)) === '192.168.77.7');
    expect(await offered(site, second)).toMatch(/^192\.168\.77\.1\d\d$/);
    site.order([network], [reservation(network.networkId, second, '192.168.77.7')]);
    await until(async () => (await offered(site, second)) === '192.168.77.7');
    expect(await offered(site, first)).toMatch(/^192\.168\.77\.1\d\d$/);
    expect(await readFile(join(site.folder, 'dnsmasq.pid'), 'utf8')).toBe(pid);
    await site.stop();
  });

  it('is acted on by the next start, while labd is away', async () => {
    const site = await SiteUnderTest.start({ networks: [] });
    expect(site.dhcp.state).toBe('off');
    const network = served();
    site.order([network]);
    await until(() => site.dhcp.state === 'running');
    const known = await site.restarted();
    expect(known.dhcp.state).toBe('running');
    expect(await offered(known, machine('pxe', 7))).toMatch(/^192\.168\.77\.1\d\d$/);
    await known.stop();
  });

  it('to nothing at all ends dnsmasq', async () => {
    const site = await SiteUnderTest.start({ networks: [served()] });
    site.order([]);
    await until(() => site.dhcp.state === 'off');
    await site.stop();
  });
});

describe('A machine', () => {
  it('with a reservation gets its address, also inside of a range, and no other machine does', async () => {
    const network = served({ ranges: [{ first: '192.168.77.100', last: '192.168.77.101' }] });
    const own = machine('pxe', 7);
    const site = await SiteUnderTest.start({
      networks: [network],
      reservations: [reservation(network.networkId, own, '192.168.77.101')],
    });
    const others = [machine('plain', null), machine('plain', null)] as const;
    expect(await lease(site, others[0])).toBe('192.168.77.100');
    // The pool is empty but for what is reserved.
    expect(await site.lab.askInVain(others[1], own)).toBeUndefined();
    expect(await lease(site, own)).toBe('192.168.77.101');
    await site.stop();
  });

  it('keeps its address from firmware to iPXE to installer, whatever client identifiers they send', async () => {
    const site = await SiteUnderTest.start({ networks: [served()] });
    const firmware = machine('pxe', 7, { options: new Map([[61, Buffer.alloc(17, 1)]]) });
    const installer = machine('plain', null, {
      mac: firmware.mac,
      options: new Map([[61, Buffer.from('01' + firmware.mac.replaceAll(':', ''), 'hex')]]),
    });
    const address = await lease(site, firmware);
    expect(await lease(site, { ...machine('ipxe', 7), mac: firmware.mac })).toBe(address);
    expect(await lease(site, installer)).toBe(address);
    expect(site.dhcp.reports()[0]?.total ?? 0).toBeLessThan(2);
    await site.stop();
  });

  it('never gets an address that is left out, not even if it asks for it', async () => {
    const network = served({
      ranges: [
        { first: '192.168.77.48', last: '192.168.77.49' },
        { first: '192.168.77.51', last: '192.168.77.52' },
      ],
    });
    const relayed = served({ cidr: '10.9.0.0/24', ranges: [{ first: '10.9.0.5', last: '10.9.0.9' }] });
    const site = await SiteUnderTest.start({ networks: [network, relayed] });
    const wanting = () => machine('plain', null, { options: new Map([[50, ipBytes(ONE.first)]]) });
    const got: string[] = [];
    for (let count = 0; count < 4; count += 1) got.push(await lease(site, wanting()));
    expect(got.toSorted()).toEqual(['192.168.77.48', '192.168.77.49', '192.168.77.51', '192.168.77.52']);
    // None is left, and the fifth gets nothing.
    const elsewhere = machine('plain', null, { giaddr: '10.9.0.1' });
    expect(await site.lab.askInVain(wanting(), elsewhere)).toBeUndefined();
    await site.stop();
  });
});

describe('What goes wrong', () => {
  it('with a configuration that dnsmasq refuses leaves the old one running, and is said', async () => {
    const network = served();
    const site = await SiteUnderTest.start({ networks: [network] });
    await site.breakDnsmasq('[ "$1" = --test ] && { echo "dnsmasq: bad option at line 7" >&2; exit 1; }');
    site.order([{ ...network, gateway: '192.168.77.9' }]);
    await until(() => site.dhcp.trouble !== null);
    expect(site.dhcp.reports()[0]?.problem).toContain('bad option at line 7');
    expect(site.dhcp.state).toBe('running');
    expect((await site.lab.ask(machine('pxe', 7))).options.has(3)).toBe(false);
    // Once it is repaired, it is done.
    await site.repairDnsmasq();
    await until(async () => (await site.lab.ask(machine('pxe', 7))).options.has(3));
    await until(() => site.dhcp.trouble === null);
    expect(site.dhcp.reports()[0]?.problem).toBeNull();
    await site.stop();
  });

  it('with a dnsmasq that dies when it is started after a change, brings the one before back', async () => {
    const network = served();
    const site = await SiteUnderTest.start({ networks: [network] });
    const address = await lease(site, machine('pxe', 7));
    await site.breakDnsmasq(
      `[ "$1" = --test ] || ! grep -q 3,192.168.77.9 '${site.folder}/dnsmasq.conf' || { echo "dnsmasq: no way" >&2; exit 2; }`,
    );
    site.order([{ ...network, gateway: '192.168.77.9' }]);
    await until(() => site.dhcp.trouble !== null);
    expect(site.dhcp.trouble?.text).toContain('no way');
    expect(site.dhcp.state).toBe('running');
    expect((await site.lab.ask(machine('pxe', 7))).yiaddr).not.toBe(address);
    site.order([network]);
    await until(() => site.dhcp.trouble === null);
    await site.stop();
  });

  it('with an interface that goes away and comes back is healed', async () => {
    const network = served();
    const site = await SiteUnderTest.start({ networks: [network] });
    await lease(site, machine('pxe', 7));
    await site.lab.unplug(0);
    await until(() => site.dhcp.trouble !== null);
    expect(site.dhcp.trouble?.text).toContain('lab0');
    expect(site.dhcp.reports()[0]?.problem).toContain('lab0');
    await site.lab.plug(0);
    await until(() => site.dhcp.trouble === null);
    expect((await site.lab.ask(machine('pxe', 7))).siaddr).toBe(siteOf(0));
    expect(await site.lab.tftp('ipxe.efi')).toMatch(/^MZ/);
    expect(site.dhcp.reports()).toMatchObject([{ total: 1, problem: null }]);
    await site.stop();
  });

  it('with a program that is killed is healed by itself', async () => {
    const site = await SiteUnderTest.start({ networks: [served()] });
    const old = machine('pxe', 7);
    const address = await lease(site, old);
    process.kill(Number(await readFile(join(site.folder, 'dnsmasq.pid'), 'utf8')), 'SIGKILL');
    await until(() => site.dhcp.state === 'down');
    await until(
      () =>
        site.dhcp.state === 'running' && site.lines.filter((line) => line.includes(': started')).length === 2,
    );
    expect(await offered(site, old)).toBe(address);
    await site.stop();
  });

  it('with the hosts file is a finding, and costs the others nothing', async () => {
    const network = served();
    const [good, bad] = [machine('pxe', 7), machine('pxe', 7)];
    const site = await SiteUnderTest.start({ networks: [network] });
    site.order(
      [network],
      [
        reservation(network.networkId, good, '192.168.77.7'),
        reservation(network.networkId, bad, '192.168.77.7'),
        reservation(network.networkId, bad, '192.168.99.7'),
        reservation(network.networkId, bad, siteOf(0)),
      ],
    );
    await until(async () => (await offered(site, good)) === '192.168.77.7');
    expect(site.dhcp.trouble?.text.split('; ')).toEqual([
      expect.stringContaining(
        `192.168.77.7 in lab is not reserved for ${bad.mac}: it is reserved for ${good.mac}`,
      ),
      expect.stringContaining('not an address of that network'),
      expect.stringContaining('an address of the bastion'),
    ]);
    await site.stop();
  });
});

describe('The network of the environment variables', () => {
  const env = { BASTION_DHCP_RANGE: '192.168.77.200,192.168.77.210', BASTION_DHCP_MODE: 'full' };

  it('is served beside those of labd, and gives way to the one of labd that is the same', async () => {
    const site = await SiteUnderTest.start({ env, interfaces: 2 });
    expect(await offered(site, machine('pxe', 7))).toMatch(/^192\.168\.77\.2\d\d$/);
    site.order([
      served({ cidr: '192.168.78.0/24', ranges: [{ first: '192.168.78.5', last: '192.168.78.9' }] }),
    ]);
    expect(await offered(site, machine('pxe', 7, { at: 1 }))).toMatch(/^192\.168\.78\.\d$/);
    expect(await offered(site, machine('pxe', 7))).toMatch(/^192\.168\.77\.2\d\d$/);
    site.order([served()]);
    await until(async () => /^192\.168\.77\.1\d\d$/.test(await offered(site, machine('pxe', 7))));
    site.order([]);
    await until(async () => /^192\.168\.77\.2\d\d$/.test(await offered(site, machine('pxe', 7))));
    await site.stop();
  });

  it('is served in proxy mode by its address alone', async () => {
    const proxy = { BASTION_DHCP_RANGE: '192.168.77.0', BASTION_DHCP_MODE: 'proxy' };
    const site = await SiteUnderTest.start({ env: proxy });
    const answer = await site.lab.ask(machine('pxe', 7, { pxePort: true, type: DHCP.request }));
    expect([answer.file, answer.fromPort]).toEqual(['ipxe.efi', 4011]);
    expect(await site.lab.askInVain(machine('plain', null), machine('pxe', 7))).toBeUndefined();
    await site.stop();
  });
});
