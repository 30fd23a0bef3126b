import { describe, expect, it } from '@jest/globals';
import { DHCP_DEFAULTS, addressCount, servedRanges, type DhcpNetwork, type DhcpRange } from './dhcp.js';
import { dhcpFault } from './dhcp-rules.js';

const range = (text: string): DhcpRange => {
  const [first = '', last = first] = text.split('-');
  return { first, last };
};
const text = (ranges: readonly DhcpRange[]) => ranges.map(({ first, last }) => `${first}-${last}`);
const network = (changes: Partial<DhcpNetwork> = {}): DhcpNetwork => ({
  cidr: '192.168.77.0/24',
  gateway: '192.168.77.1',
  nameservers: [],
  dhcpEnabled: true,
  bastion: 'site-a',
  dhcp: null,
  ...changes,
});
const settings = (changes: { ranges?: string[]; exclusions?: string[]; mode?: 'full' | 'proxy' }) => ({
  ...DHCP_DEFAULTS,
  mode: changes.mode ?? 'full',
  ranges: (changes.ranges ?? []).map(range),
  exclusions: (changes.exclusions ?? []).map(range),
});

describe('what a bastion gives out', () => {
  it.each([
    ['192.168.77.0/24', ['192.168.77.100-192.168.77.200'], 101],
    ['10.0.0.0/8', ['10.100.0.0-10.200.0.0'], 6_553_601],
    ['10.0.4.0/22', ['10.0.5.144-10.0.7.32'], 401],
    ['10.0.0.128/25', ['10.0.0.178-10.0.0.228'], 51],
    ['10.0.0.0/29', ['10.0.0.3-10.0.0.6'], 4],
    ['10.0.0.0/30', ['10.0.0.1-10.0.0.2'], 2],
  ])('is by default %s: %s', (cidr, ranges, count) => {
    const served = servedRanges({ cidr, gateway: null, dhcp: null }, []);
    expect(text(served)).toEqual(ranges);
    expect(addressCount(served)).toBe(count);
  });

  it('is never the gateway’s or the bastion’s address', () => {
    const cidr = '192.168.77.0/24';
    expect(text(servedRanges({ cidr, gateway: '192.168.77.100', dhcp: null }, ['192.168.77.150']))).toEqual([
      '192.168.77.101-192.168.77.149',
      '192.168.77.151-192.168.77.200',
    ]);
  });

  it.each([
    ['in the middle', ['.20-.29'], ['.10-.19', '.30-.40', '.50-.60']],
    ['at the ends', ['.10', '.40'], ['.11-.39', '.50-.60']],
    ['over both', ['.35-.55'], ['.10-.34', '.56-.60']],
    ['all of one', ['.10-.40'], ['.50-.60']],
    ['twice the same', ['.20-.25', '.25-.29'], ['.10-.19', '.30-.40', '.50-.60']],
  ])('leaves out exclusions %s', (_where, exclusions, expected) => {
    const full = (short: string) => short.replaceAll('.', '10.0.0.');
    const dhcp = settings({
      ranges: ['10.0.0.50-10.0.0.60', '10.0.0.10-10.0.0.40'],
      exclusions: exclusions.map(full),
    });
    expect(text(servedRanges({ cidr: '10.0.0.0/24', gateway: null, dhcp }, []))).toEqual(expected.map(full));
  });

  it('fits into a message, however many exclusions cut the ranges', () => {
    const ranges = Array.from({ length: 16 }, (_, index) => `10.0.${index}.1-10.0.${index}.250`);
    const exclusions = Array.from(
      { length: 32 },
      (_, index) => `10.0.${index >> 1}.${50 + (index % 2) * 100}`,
    );
    const dhcp = settings({ ranges, exclusions });
    const served = servedRanges({ cidr: '10.0.0.0/16', gateway: '10.0.3.9', dhcp }, ['10.0.4.9']);
    expect(served).toHaveLength(50);
  });

  it('is nothing where another server gives the addresses, and where nothing can be served', () => {
    const proxy = settings({ mode: 'proxy' });
    expect(servedRanges({ cidr: '10.0.0.0/24', gateway: null, dhcp: proxy }, [])).toEqual([]);
    expect(servedRanges({ cidr: '2001:db8::/64', gateway: null, dhcp: null }, [])).toEqual([]);
  });
});

describe('a network’s DHCP', () => {
  it.each<[string, Partial<DhcpNetwork>]>([
    ['off, without a bastion', { dhcpEnabled: false, bastion: null }],
    ['off, on IPv6', { cidr: '2001:db8::/64', gateway: '2001:db8::1', dhcpEnabled: false }],
    ['off, on a link of two', { cidr: '10.0.0.0/31', gateway: '10.0.0.0', dhcpEnabled: false }],
    ['on, with defaults', {}],
    [
      'with ranges next to each other',
      { dhcp: settings({ ranges: ['192.168.77.10-192.168.77.19', '192.168.77.20'] }) },
    ],
    [
      'with a range from the first to the last host',
      { gateway: null, dhcp: settings({ ranges: ['192.168.77.1-192.168.77.254'] }) },
    ],
    [
      'with a gateway in a range, and excluded',
      {
        dhcp: settings({ ranges: ['192.168.77.1-192.168.77.99'], exclusions: ['192.168.77.1-192.168.77.9'] }),
      },
    ],
    [
      'with an exclusion that reaches out of its range',
      { dhcp: settings({ exclusions: ['192.168.77.0-192.168.77.120'] }) },
    ],
    ['as a proxy', { dhcp: settings({ mode: 'proxy' }) }],
  ])('may be %s', (_what, changes) => {
    expect(dhcpFault(network(changes))).toBeUndefined();
  });

  it.each<[string, Partial<DhcpNetwork>, string, RegExp]>([
    ['without a bastion', { bastion: null }, 'spec.bastion', /is needed with dhcpEnabled/],
    ['on IPv6', { cidr: '2001:db8::/64', gateway: null }, 'spec.dhcpEnabled', /no IPv6/],
    [
      'settings on IPv6',
      { cidr: '2001:db8::/64', gateway: null, dhcpEnabled: false, dhcp: settings({}) },
      'spec.dhcp',
      /no IPv6/,
    ],
    [
      'on a link of two',
      { cidr: '10.0.0.0/31', gateway: null },
      'spec.dhcpEnabled',
      /no addresses to give out/,
    ],
    ['a gateway that is the network', { gateway: '192.168.77.0' }, 'spec.gateway', /network’s own address/],
    ['a gateway that is the broadcast', { gateway: '192.168.77.255' }, 'spec.gateway', /broadcast address/],
    ['an IPv6 name server', { nameservers: ['9.9.9.9', '2620:fe::fe'] }, 'spec.nameservers.1', /IPv4/],
    [
      'a range outside',
      { dhcp: settings({ ranges: ['192.168.77.10', '192.168.78.10'] }) },
      'spec.dhcp.ranges.1.first',
      /outside 192\.168\.77\.0\/24/,
    ],
    [
      'a range that ends outside',
      { dhcp: settings({ ranges: ['192.168.77.200-192.168.78.10'] }) },
      'spec.dhcp.ranges.0.last',
      /192\.168\.78\.10 is outside/,
    ],
    [
      'a range that ends before it begins',
      { dhcp: settings({ ranges: ['192.168.77.20-192.168.77.10'] }) },
      'spec.dhcp.ranges.0.last',
      /before the first/,
    ],
    [
      'a range with the network’s address',
      { gateway: null, dhcp: settings({ ranges: ['192.168.77.0-192.168.77.10'] }) },
      'spec.dhcp.ranges.0',
      /holds 192\.168\.77\.0, the network’s own/,
    ],
    [
      'a range with the broadcast address',
      { dhcp: settings({ ranges: ['192.168.77.200-192.168.77.255'] }) },
      'spec.dhcp.ranges.0',
      /holds 192\.168\.77\.255, the broadcast/,
    ],
    [
      'a range with the gateway',
      { dhcp: settings({ ranges: ['192.168.77.1-192.168.77.99'] }) },
      'spec.dhcp.ranges.0',
      /holds the gateway, 192\.168\.77\.1$/,
    ],
    [
      'ranges that overlap',
      { dhcp: settings({ ranges: ['192.168.77.10-192.168.77.20', '192.168.77.20-192.168.77.30'] }) },
      'spec.dhcp.ranges.1',
      /overlaps spec\.dhcp\.ranges\.0, 192\.168\.77\.10-192\.168\.77\.20/,
    ],
    ['a range of IPv6', { dhcp: settings({ ranges: ['2001:db8::1'] }) }, 'spec.dhcp.ranges.0.first', /IPv4/],
    [
      'a range of nonsense',
      { dhcp: settings({ ranges: ['192.168.77.10-192.168.77.0x20'] }) },
      'spec.dhcp.ranges.0.last',
      /IPv4/,
    ],
    [
      'an octet that may be octal',
      { dhcp: settings({ ranges: ['192.168.77.010'] }) },
      'spec.dhcp.ranges.0.first',
      /IPv4/,
    ],
    [
      'an exclusion outside',
      { dhcp: settings({ exclusions: ['192.168.78.1'] }) },
      'spec.dhcp.exclusions.0.first',
      /outside/,
    ],
    [
      'an exclusion of nothing',
      { dhcp: settings({ exclusions: ['192.168.77.201-192.168.77.210'] }) },
      'spec.dhcp.exclusions.0',
      /excludes nothing.*192\.168\.77\.100-192\.168\.77\.200/,
    ],
    [
      'exclusions of everything',
      { dhcp: settings({ exclusions: ['192.168.77.100-192.168.77.200'] }) },
      'spec.dhcp.exclusions',
      /no address/,
    ],
    [
      'a range in proxy mode',
      { dhcp: settings({ mode: 'proxy', ranges: ['192.168.77.10'] }) },
      'spec.dhcp.ranges',
      /proxy/,
    ],
    [
      'an exclusion in proxy mode',
      { dhcp: settings({ mode: 'proxy', exclusions: ['192.168.77.110'] }) },
      'spec.dhcp.exclusions',
      /proxy/,
    ],
  ])('can’t be %s', (_what, changes, path, message) => {
    const fault = dhcpFault(network(changes));
    expect({ path: fault?.path, message: fault?.message }).toEqual({
      path,
      message: expect.stringMatching(message),
    });
    expect(fault?.hint).toMatch(/\.$|get bastions$/);
  });

  it('has the same rules while it is switched off', () => {
    const dhcp = settings({ ranges: ['10.0.0.1'] });
    expect(dhcpFault(network({ dhcpEnabled: false, bastion: null, dhcp }))?.path).toBe(
      'spec.dhcp.ranges.0.first',
    );
  });
});
