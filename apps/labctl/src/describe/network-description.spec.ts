import { describe, expect, it } from '@jest/globals';
import type { Network, NetworkLease } from '@lab/cli-kit';
import { netbootDescription } from './netboot-description.js';
import { networkDescription } from './network-description.js';

const now = Date.parse('2026-11-25T12:00:00Z');
const network = (changes: { spec?: object; dhcp?: object | null; conditions?: object[] } = {}): Network =>
  ({
    apiVersion: 'lab/v1',
    kind: 'Network',
    metadata: {
      ...{ id: 'a1', name: 'rack', labels: {}, annotations: {}, version: 1 },
      ...{ createdAt: '2026-11-25T11:59:00Z', updatedAt: '2026-11-25T11:59:00Z' },
    },
    spec: {
      ...{ cloud: 'default', environment: 'default', cidr: '10.0.0.0/24', vlan: null, gateway: '10.0.0.1' },
      ...{
        domain: 'lab.example',
        nameservers: ['10.0.0.53'],
        dhcpEnabled: true,
        dhcp: null,
        bastion: 'site-a',
      },
      ...changes.spec,
    },
    status: {
      nics: 2,
      dhcp:
        changes.dhcp === null
          ? null
          : {
              ...{
                mode: 'full',
                ranges: ['10.0.0.100-10.0.0.149', '10.0.0.151'],
                addresses: 51,
                reservations: 1,
              },
              ...{ leases: null, leasesAt: null },
              ...changes.dhcp,
            },
      conditions: changes.conditions ?? [],
    },
  }) as Network;
const lease = (address: string, changes: Partial<NetworkLease> = {}): NetworkLease => ({
  ...{ address, mac: '52:54:00:00:00:01', server: null, hostname: null, expiresAt: null },
  ...changes,
});
const part = (text: string, from: RegExp): string => {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => from.test(line));
  const rest = lines.slice(start + 1).findIndex((line) => !line.startsWith('  '));
  return lines.slice(start, start + 1 + rest).join('\n');
};

describe('describe network', () => {
  it('says how it is served, how much is leased, and who has what', () => {
    const leases = [
      lease('10.0.0.10', { server: { id: 'b2', name: 'node1' } }),
      lease('10.0.0.100', { hostname: '\u001b[31mlocal\nhost', expiresAt: '2026-11-25T12:14:00Z' }),
      lease('10.0.0.150', { expiresAt: '2026-11-25T11:00:00Z' }),
      lease('10.0.0.151', { mac: '52:54:00:00:00:02' }),
    ];
    const described = network({
      dhcp: { leases: 4, leasesAt: '2026-11-25T11:59:55Z' },
      spec: {
        dhcp: {
          mode: 'full',
          ranges: [{ first: '10.0.0.100', last: '10.0.0.151' }],
          exclusions: [{ first: '10.0.0.150', last: '10.0.0.150' }],
          leaseSeconds: 5400,
        },
      },
    });
    const text = networkDescription(
      described,
      leases,
      [{ address: '10.0.0.10', mac: '52:54:00:00:00:01', server: { id: 'b2', name: 'node1' } }],
      now,
    );
    expect(part(text, /^DHCP/)).toBe(
      [
        'DHCP:          full',
        '  Ranges:      10.0.0.100-10.0.0.149, 10.0.0.151',
        '  Excluded:    10.0.0.150',
        '  Lease time:  1h30m',
        '  In use:      2 of 51 leased, 2 elsewhere, as of 5s ago',
      ].join('\n'),
    );
    const table = part(text, /^Leases/)
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(table).toEqual([
      ['Leases:'],
      ['ADDRESS', 'MAC', 'SERVER', 'HOST-NAME', 'EXPIRES'],
      ['10.0.0.10', '52:54:00:00:00:01', 'node1', '<none>', 'never'],
      ['10.0.0.100', '52:54:00:00:00:01', '<unknown>', expect.stringMatching(/^[^\u001b\n]*host$/), 'in 14m'],
      ['10.0.0.150', '52:54:00:00:00:01', '<unknown>', '<none>', 'expired'],
      ['10.0.0.151', '52:54:00:00:00:02', '<unknown>', '<none>', 'never'],
    ]);
    expect(part(text, /^Reservations/)).toContain('10.0.0.10   52:54:00:00:00:01   node1');
  });

  it.each<[string, Network, RegExp]>([
    [
      'that nobody has said anything yet',
      network(),
      /In use: +its bastion has not said yet; 51 addresses in all$/m,
    ],
    ['the default lease time', network(), /Lease time: +1h$/m],
    [
      'that it isn’t served',
      network({ spec: { dhcpEnabled: false }, dhcp: null }),
      /^DHCP: +off\nConditions: +<none>\nReservations: +<none>$/m,
    ],
    [
      'that another server gives the addresses',
      network({ dhcp: { mode: 'proxy', ranges: [], addresses: 0 } }),
      /^DHCP: +proxy: another DHCP server gives the addresses, the bastion says what to boot$/m,
    ],
    [
      'what keeps its bastion from it',
      network({
        conditions: [
          {
            ...{ type: 'NotServed', status: 'True', since: '2026-11-25T11:59:00Z', reason: 'BastionReports' },
            message: 'no interface has an address in it',
          },
        ],
      }),
      /NotServed +True +60s +BastionReports +no interface has an address in it/,
    ],
    [
      'how many leases its bastion did not name',
      network({ dhcp: { leases: 5000, leasesAt: '2026-11-25T12:00:00Z' } }),
      /and 5000 more that its bastion did not name/,
    ],
  ])('says %s', (_what, described, pattern) => {
    expect(networkDescription(described, [], [], now)).toMatch(pattern);
  });
});

describe('how a machine netbooted', () => {
  it('is a table, the newest last, with what we know of each event', () => {
    const event = (type: string, at: string, text: string, address: string | null = null) => ({
      ...{ type, at, text, address, mac: '52:54:00:00:00:01' },
    });
    const lines = netbootDescription(
      {
        events: [
          event('discover', '2026-11-25T11:59:00Z', 'UEFI x64'),
          event('boot-file', '2026-11-25T11:59:30Z', 'ipxe.efi\n\u001b[2J', '10.0.0.100'),
          event('sung', '2026-11-25T11:59:55Z', 'of a newer bastion'),
        ],
        leases: [
          {
            network: 'rack',
            address: '10.0.0.100',
            mac: '52:54:00:00:00:01',
            expiresAt: '2026-11-25T12:30:00Z',
          },
        ],
      },
      now,
    );
    expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['Leases:'],
      ['ADDRESS', 'NETWORK', 'MAC', 'EXPIRES'],
      ['10.0.0.100', 'rack', '52:54:00:00:00:01', 'in 30m'],
      ['Netboot:'],
      ['AGE', 'WHAT', 'ADDRESS', 'MAC', 'DETAILS'],
      ['60s', 'asked for an address', '<none>', '52:54:00:00:00:01', 'UEFI x64'],
      [
        '30s',
        'fetched a boot file',
        '10.0.0.100',
        '52:54:00:00:00:01',
        expect.stringMatching(/^ipxe\.efi[^\u001b\n]*$/),
      ],
      ['5s', 'sung', '<none>', '52:54:00:00:00:01', 'of a newer bastion'],
    ]);
  });

  it('is not spoken of where nothing is known', () => {
    expect(netbootDescription({ events: [], leases: [] }, now)).toEqual([]);
  });
});
