import { describe, expect, it } from '@jest/globals';
import type { ServedNetwork } from '@lab/protocol';
import { macOf } from '../../test/bastion-fixture.js';
import { served } from '../../test/dhcp/site-under-test.js';
import { admit, type Site } from './admission.js';

const site = (over: Partial<Site> = {}): Site => ({
  networks: [served()],
  reservations: [],
  interfaces: [
    { name: 'eth0', addresses: [{ address: '10.0.0.2', netmask: '255.255.255.0' }] },
    { name: 'eth1', addresses: [{ address: '192.168.77.1', netmask: '255.255.255.0' }] },
  ],
  given: ['eth1'],
  environment: null,
  ...over,
});
const problemOf = (over: Partial<ServedNetwork>, around: Partial<Site> = {}): string | undefined => {
  const network = served(over);
  const { problems, networks } = admit(site({ networks: [network], ...around }));
  expect(networks).toHaveLength(problems.size === 0 ? 1 : 0);
  return problems.get(network.networkId);
};
const range = (first: string, last: string) => ({ ranges: [{ first, last }] });

describe('A network of labd', () => {
  it.each<[string, Partial<ServedNetwork>]>([
    ['on a given interface', {}],
    ['behind a relay', { cidr: '10.20.0.0/16', ...range('10.20.0.1', '10.20.255.254') }],
    ['in proxy mode', { mode: 'proxy', ranges: [] }],
    ['with reservations only', { ranges: [] }],
    [
      'with several ranges',
      {
        ranges: [
          ...range('192.168.77.9', '192.168.77.9').ranges,
          ...range('192.168.77.1', '192.168.77.8').ranges,
        ],
      },
    ],
    [
      'with everything',
      { gateway: '192.168.77.254', domain: 'lab.example', nameservers: ['1.1.1.1', '2001:db8::1'] },
    ],
  ])('%s is served', (_name, over) => {
    expect(problemOf(over)).toBeUndefined();
  });

  it.each<[string, Partial<ServedNetwork>, RegExp]>([
    ['a CIDR of IPv6', { cidr: '2001:db8::/64' }, /not an IPv4 network/],
    ['a CIDR with host bits', { cidr: '192.168.77.1/24' }, /not an IPv4 network/],
    ['a CIDR that is none', { cidr: '192.168.77.0/24\nport=53' }, /not an IPv4 network/],
    ['two addresses', { cidr: '192.168.77.0/31' }, /too few addresses/],
    ['half of the internet', { cidr: '0.0.0.0/1' }, /too many addresses/],
    ['a range outside', range('192.168.78.1', '192.168.78.2'), /not inside 192.168.77.0\/24/],
    ['a range with the broadcast address', range('192.168.77.250', '192.168.77.255'), /not inside/],
    ['a range with the network address', range('192.168.77.0', '192.168.77.5'), /not inside/],
    ['a range that ends before it begins', range('192.168.77.9', '192.168.77.5'), /ends before it begins/],
    ['a range of IPv6', range('::1', '::2'), /not of IPv4/],
    [
      'ranges that overlap',
      {
        ranges: [
          ...range('192.168.77.5', '192.168.77.9').ranges,
          ...range('192.168.77.9', '192.168.77.10').ranges,
        ],
      },
      /overlap/,
    ],
    ['a gateway of IPv6', { gateway: '::1' }, /gateway ::1/],
    ['a domain with a line break', { domain: 'lab\nport=53' }, /domain/],
    ['a lease of a century', { leaseSeconds: 2 ** 32 }, /too long/],
    [
      'an interface that was not given',
      { cidr: '10.0.0.0/24', ranges: [] },
      /interface eth0.*BASTION_DHCP_INTERFACE/,
    ],
  ])('with %s is not, and it is said why', (_name, over, why) => {
    expect(problemOf(over)).toMatch(why);
  });

  it('is not served by a bastion that was given no interface', () => {
    expect(problemOf({}, { given: [] })).toMatch(/BASTION_DHCP_INTERFACE/);
  });

  it('gives way to one before it that it overlaps', () => {
    const [wide, narrow] = [served({ name: 'wide' }), served({ cidr: '192.168.77.128/25', ranges: [] })];
    const { networks, problems } = admit(site({ networks: [wide, narrow] }));
    expect(networks.map(({ networkId }) => networkId)).toEqual([wide.networkId]);
    expect(problems.get(narrow.networkId)).toMatch(
      /192\.168\.77\.128\/25 overlaps 192\.168\.77\.0\/24 of the network wide/,
    );
  });

  it('shares its interface with none of the other mode', () => {
    const addresses = ['192.168.77.1', '10.0.0.2'].map((address) => ({ address, netmask: '255.255.255.0' }));
    const interfaces = [{ name: 'eth1', addresses }];
    const [full, proxy] = [served(), served({ cidr: '10.0.0.0/24', mode: 'proxy', ranges: [] })];
    expect(admit(site({ interfaces, networks: [full, proxy] })).problems.get(proxy.networkId)).toMatch(
      /both need the same/,
    );
    const environment = { interface: 'eth1', mode: 'proxy' as const };
    expect(admit(site({ networks: [full], environment })).problems.get(full.networkId)).toMatch(
      /BASTION_DHCP_RANGE/,
    );
  });
});

describe('A reservation', () => {
  const network = served();
  const reserve = (mac: string, address: string, hostname: string | null = null) => ({
    ...{ networkId: network.networkId, mac: macOf(mac), address, hostname },
  });
  const admitted = (...reservations: ReturnType<typeof reserve>[]) =>
    admit(site({ networks: [network], reservations }));

  it.each(['52:54:00:AB:CD:EF', '52-54-00-ab-cd-ef', '5254.00ab.cdef', '525400ABCDEF'])(
    'is for a MAC address in any notation: %s',
    (mac) => {
      expect(admitted(reserve(mac, '192.168.77.9', 'Node1')).reservations).toEqual([
        { mac: '52:54:00:ab:cd:ef', address: '192.168.77.9', hostname: 'node1' },
      ]);
    },
  );

  it.each(['a,b', 'a b', 'set:tag', '12h', '300', 'ignore', 'Infinite', 'node1.lab', '-a', 'a\nb'])(
    'with a host name that dnsmasq would take for something else keeps its address: %j',
    (name) => {
      const [kept] = admitted(reserve('52:54:00:00:00:01', '192.168.77.9', name)).reservations;
      expect(kept?.address).toBe('192.168.77.9');
      expect(kept?.hostname).toBeNull();
    },
  );

  it('that can not be kept costs no other one, and is said', () => {
    const { reservations, warnings } = admitted(
      reserve('52:54:00:00:00:01', '192.168.77.9'),
      reserve('52:54:00:00:00:02', '192.168.77.9'),
      reserve('52:54:00:00:00:01', '192.168.77.10'),
      reserve('52:54:00:00:00:03', '192.168.77.255'),
      reserve('52:54:00:00:00:03', '10.9.9.9'),
      reserve('52:54:00:00:00:03', '192.168.77.1'),
      reserve('52:54:00:00:00:03', '192.168.77.11'),
    );
    expect(reservations.map(({ address }) => address)).toEqual(['192.168.77.9', '192.168.77.11']);
    expect(warnings).toHaveLength(5);
  });

  it('of a network that is not served does not count', () => {
    const { reservations } = admit(
      site({
        networks: [{ ...network, mode: 'proxy' }],
        reservations: [reserve('52:54:00:00:00:01', '192.168.77.9')],
      }),
    );
    expect(reservations).toEqual([]);
  });
});
