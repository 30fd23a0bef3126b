import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LinkedBastion } from '@lab/testing';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';
import type { NetworkDto } from './network.dto.js';

let labd: TestLabd;
let siteA: LinkedBastion;
beforeAll(async () => {
  labd = await runningLabd();
  siteA = await LinkedBastion.enrol(labd, 'site-a');
  await LinkedBastion.enrol(labd, 'site-b');
  await LinkedBastion.enrol(labd, 'site-far', { cloud: 'far', environment: 'prod' });
  // What its base URL says is its address.
  await siteA.connect();
});
afterAll(async () => {
  await siteA.disconnect();
  await labd.stop();
});

const create = (name: string, spec: object, token?: string) =>
  labd.call<NetworkDto>('POST', '/api/v1/networks', { kind: 'Network', metadata: { name }, spec }, token);
const patch = (name: string, spec: object) =>
  labd.call<NetworkDto>('PATCH', `/api/v1/networks/${name}`, { spec });
const problemOf = ({ status, body }: { status: number; body: unknown }) => {
  const { detail, hint, errors } = body as { detail?: string; hint?: string; errors?: { path: string }[] };
  return { status, path: errors?.[0]?.path, detail, hint };
};
const server = (name: string, ...nics: object[]) =>
  labd.call('POST', '/api/v1/servers', { kind: 'Server', metadata: { name }, spec: { nics } });

describe('a network that is served', () => {
  it('shows what is given out, by default and as it is said', async () => {
    const made = await create('shown', {
      ...{ cidr: '192.168.77.0/24', gateway: '192.168.77.1', bastion: 'site-a', dhcpEnabled: true },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        spec: { dhcpEnabled: true, dhcp: null, nameservers: null, bastion: 'site-a' },
        status: {
          dhcp: {
            mode: 'full',
            ranges: ['192.168.77.100-192.168.77.200'],
            addresses: 101,
            reservations: 0,
            leases: null,
            leasesAt: null,
          },
          conditions: [],
        },
      },
    });
    const dhcp = {
      ranges: [{ first: '192.168.77.1', last: '192.168.77.20' }],
      exclusions: [{ first: '192.168.77.1', last: '192.168.77.9' }],
    };
    const changed = await patch('shown', { dhcp, nameservers: ['9.9.9.9'] });
    expect(changed.body).toMatchObject({
      spec: { dhcp: { mode: 'full', leaseSeconds: 3600, ...dhcp }, nameservers: ['9.9.9.9'] },
      status: { dhcp: { ranges: ['192.168.77.10-192.168.77.20'], addresses: 11 } },
    });
    const again = await labd.call<NetworkDto>('PUT', '/api/v1/networks/shown', changed.body);
    expect(again.body.metadata.version).toBe(changed.body.metadata.version);
    const back = await patch('shown', { dhcp: null, nameservers: null });
    expect(back.body.spec).toMatchObject({ dhcp: null, nameservers: null });
  });

  it.each<[string, object, string]>([
    ['no bastion', { cidr: '10.9.0.0/16', dhcpEnabled: true }, 'spec.bastion'],
    ['IPv6', { cidr: '2001:db8::/64', dhcpEnabled: true, bastion: 'site-a' }, 'spec.dhcpEnabled'],
    [
      'a range outside',
      { cidr: '10.9.0.0/16', dhcp: { ranges: [{ first: '10.8.0.1', last: '10.8.0.9' }] } },
      'spec.dhcp.ranges.0.first',
    ],
    [
      'a range without an end',
      { cidr: '10.9.0.0/16', dhcp: { ranges: [{ first: '10.9.0.1' }] } },
      'spec.dhcp.ranges.0.last',
    ],
    ['a range that is text', { cidr: '10.9.0.0/16', dhcp: { ranges: ['10.9.0.1'] } }, 'spec.dhcp.ranges'],
    [
      'too many ranges',
      {
        cidr: '10.9.0.0/16',
        dhcp: {
          ranges: Array.from({ length: 17 }, (_, index) => ({
            first: `10.9.${index}.1`,
            last: `10.9.${index}.9`,
          })),
        },
      },
      'spec.dhcp.ranges',
    ],
    ['an unknown mode', { cidr: '10.9.0.0/16', dhcp: { mode: 'relay' } }, 'spec.dhcp.mode'],
    ['a lease of seconds', { cidr: '10.9.0.0/16', dhcp: { leaseSeconds: 30 } }, 'spec.dhcp.leaseSeconds'],
    ['a lease of years', { cidr: '10.9.0.0/16', dhcp: { leaseSeconds: 1e9 } }, 'spec.dhcp.leaseSeconds'],
    ['an unknown setting', { cidr: '10.9.0.0/16', dhcp: { pool: [] } }, 'spec.dhcp.pool'],
    ['settings that are a list', { cidr: '10.9.0.0/16', dhcp: [] }, 'spec.dhcp'],
    ['a name server that is a name', { cidr: '10.9.0.0/16', nameservers: ['dns.lab'] }, 'spec.nameservers'],
    ['nine name servers', { cidr: '10.9.0.0/16', nameservers: Array(9).fill('9.9.9.9') }, 'spec.nameservers'],
  ])('is refused with %s, naming the field', async (_what, spec, path) => {
    expect(problemOf(await create('x', spec))).toEqual({
      status: 400,
      path,
      detail: expect.stringContaining(path),
      hint: expect.stringMatching(/./),
    });
  });

  it.each<[string, string]>([
    ['the same', '10.20.0.0/16'],
    ['a part of it', '10.20.3.0/24'],
    ['one around it', '10.0.0.0/11'],
  ])('is the only one of its bastion with these addresses: not %s', async (_what, cidr) => {
    const base = `base-${cidr.replaceAll(/\D/g, '-')}`;
    expect((await create(base, { cidr: '10.20.0.0/16', bastion: 'site-b' })).status).toBe(201);
    expect(problemOf(await create('second', { cidr, bastion: 'site-b' }))).toMatchObject({
      ...{ status: 400, path: 'spec.cidr' },
      detail: expect.stringContaining(`overlaps ${base} (10.20.0.0/16), which bastion site-b has, too`),
    });
    // Another site may use them, and nobody's network may be about them.
    expect((await create('elsewhere', { cidr, bastion: 'site-far' })).status).toBe(201);
    expect((await create('nobodys', { cidr })).status).toBe(201);
    expect(problemOf(await patch('nobodys', { bastion: 'site-b' }))).toMatchObject({ path: 'spec.cidr' });
    expect((await patch(base, { vlan: 7 })).status).toBe(200);
    for (const name of [base, 'elsewhere', 'nobodys']) await labd.call('DELETE', `/api/v1/networks/${name}`);
  });

  it('is one of two that overlap, when both are written at once', async () => {
    const answers = await Promise.all(
      ['10.30.0.0/16', '10.30.0.0/17', '10.30.0.0/18', '10.0.0.0/8'].map((cidr, index) =>
        create(`race-${index}`, { cidr, bastion: 'site-b' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400]);
  });

  it('is served by a bastion that the caller may read, and where they may apply', async () => {
    const spec = { cidr: '10.40.0.0/16', cloud: 'near', environment: 'test', bastion: 'site-far' };
    const blind = await labd.userWith('read:near:test:*', 'apply:near:test:*');
    expect(problemOf(await create('takeover', spec, blind))).toMatchObject({
      ...{ status: 400, path: 'spec.bastion' },
      detail: 'spec.bastion: there is no bastion "site-far"',
    });
    const reader = await labd.userWith('read:*:*:*', 'apply:near:test:*');
    expect(problemOf(await create('takeover', spec, reader))).toMatchObject({
      status: 403,
      hint: expect.stringContaining('apply:far:prod:*'),
    });
    const both = await labd.userWith('read:*:*:*', 'apply:near:test:*', 'apply:far:prod:*');
    expect((await create('takeover', spec, both)).status).toBe(201);
    // Who may change the network may change it where it is.
    const { status } = await labd.call('PATCH', '/api/v1/networks/takeover', { spec: { vlan: 9 } }, reader);
    expect(status).toBe(200);
    // What they may not read isn't named.
    const neighbour = await labd.userWith('read:far:prod:*', 'apply:far:prod:*');
    const other = { cidr: '10.40.1.0/24', cloud: 'far', environment: 'prod', bastion: 'site-far' };
    expect(problemOf(await create('neighbour', other, neighbour)).detail).toContain(
      'overlaps another network,',
    );
  });
});

describe('an address that a NIC is declared with', () => {
  const nic = (octet: string, address: string, more: object = {}) => ({
    mac: `52:54:00:00:77:${octet}`,
    address,
    ...more,
  });
  beforeAll(async () => {
    await patch('shown', { dhcpEnabled: false });
    await labd.call('DELETE', '/api/v1/networks/shown');
    const served = await create('rack', {
      ...{ cidr: '192.168.77.0/24', gateway: '192.168.77.254', bastion: 'site-a', dhcpEnabled: true },
    });
    expect(served.status).toBe(201);
  });

  it('puts the NIC into the network that it lies in, whatever the prefix length', async () => {
    expect((await server('r10', nic('10', '192.168.77.10/24'))).status).toBe(201);
    expect((await server('r11', nic('11', '192.168.77.11/16'))).status).toBe(201);
    expect((await server('r12', nic('12', '192.168.77.12', { network: 'rack' }))).status).toBe(201);
    const { body } = await labd.call<NetworkDto>('GET', '/api/v1/networks/rack');
    expect(body.status).toMatchObject({ nics: 3, dhcp: { reservations: 3 } });
  });

  it.each([
    ['another NIC’s', '192.168.77.10/24'],
    ['another NIC’s', '192.168.77.10/25'],
    ['the gateway’s address', '192.168.77.254/24'],
    ['the bastion’s address', '192.168.77.1/24'],
    ['the address of the network itself', '192.168.77.0/24'],
    ['the address of the network itself or its broadcast', '192.168.77.255/24'],
  ])('is not %s (%s)', async (whose, address) => {
    expect(problemOf(await server('late', nic('aa', '192.168.77.99/24'), nic('ab', address)))).toMatchObject({
      ...{ status: 400, path: 'spec.nics.1.address' },
      detail: expect.stringContaining(`${address.split('/')[0] ?? ''} is ${whose}`),
      hint: 'See whose addresses there are with: labctl describe network rack',
    });
  });

  it('is not given to two NICs of one server, nor by a change', async () => {
    const twice = [nic('20', '192.168.77.20/24'), nic('21', '192.168.77.20/24')];
    expect(problemOf(await server('both', ...twice))).toMatchObject({
      status: 400,
      path: 'spec.nics.0.address',
    });
    const { status } = await labd.call('PATCH', '/api/v1/servers/r11', {
      spec: { nics: [nic('11', '192.168.77.10/24')] },
    });
    expect(status).toBe(400);
    expect((await labd.call('PATCH', '/api/v1/servers/r10', { spec: { role: 'worker' } })).status).toBe(200);
  });

  it('is one NIC’s, when several are declared with it at once', async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((number) => server(`race${number}`, nic(`3${number}`, '192.168.77.30/24'))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400]);
  });

  it('keeps a network from a gateway, a bastion or an overlap of addresses that would be the same', async () => {
    expect(problemOf(await patch('rack', { gateway: '192.168.77.10' }))).toMatchObject({
      ...{ status: 400, path: 'spec.gateway' },
      detail: expect.stringContaining('declared with 192.168.77.10, which is the gateway’s address'),
    });
    expect((await server('lone1', nic('41', '10.77.0.5/24'))).status).toBe(201);
    expect((await server('lone2', nic('42', '10.77.0.5/16'))).status).toBe(201);
    expect(problemOf(await create('late', { cidr: '10.77.0.0/16' }))).toMatchObject({
      ...{ status: 400, path: 'spec.cidr' },
      detail: expect.stringContaining('2 NICs of servers are declared with the address 10.77.0.5'),
    });
  });

  it('stays in the network that is served, whatever others there are', async () => {
    expect((await create('paper', { cidr: '192.168.77.0/28' })).status).toBe(201);
    const inRack = async () =>
      (await labd.call<NetworkDto>('GET', '/api/v1/networks/rack')).body.status.dhcp?.reservations;
    const before = await inRack();
    expect((await server('r9', nic('09', '192.168.77.9/24'))).status).toBe(201);
    expect(await inRack()).toBe((before ?? 0) + 1);
  });

  it('may be used again when its server is gone', async () => {
    await labd.call('POST', '/api/v1/servers/r10/forget');
    expect((await server('r10b', nic('10', '192.168.77.10/24'))).status).toBe(201);
  });
});
