import { describe, expect, it } from '@jest/globals';
import { LabError } from './lab-error.js';
import { mac } from './mac-address.js';
import { networkInterfaces, type NicSettings, type RecordedNic } from './network-interfaces.js';

const LAB = { cidr: '192.168.77.0/24', gateway: '192.168.77.1' };
const nic = (last: number, settings: NicSettings, network: RecordedNic['network'] = null): RecordedNic => ({
  mac: mac(`52:54:00:00:00:0${last}`),
  settings,
  network,
});
const one = (settings: NicSettings, network?: RecordedNic['network']) =>
  networkInterfaces([nic(1, settings, network)])[0];

function refusal(...nics: RecordedNic[]): string {
  try {
    networkInterfaces(nics);
  } catch (error) {
    if (error instanceof LabError && error.code === 'invalid') return error.message;
    throw error;
  }
  return 'nothing was refused';
}

describe('the network interfaces of a record', () => {
  it('are none without settings, and DHCP without more', () => {
    expect(networkInterfaces([])).toEqual([]);
    expect(one({})).toEqual({
      ports: ['52:54:00:00:00:01'],
      bond: null,
      vlan: null,
      method: 'dhcp',
      address: null,
      gateway: null,
      nameservers: [],
    });
  });

  it.each([
    [
      'prefix length and gateway of the network',
      { address: '192.168.77.10' },
      LAB,
      '192.168.77.10/24',
      '192.168.77.1',
    ],
    [
      'its own before the network’s',
      { address: '192.168.77.10/25', gateway: '192.168.77.2' },
      LAB,
      '192.168.77.10/25',
      '192.168.77.2',
    ],
    ['no gateway where there is none', { address: '10.0.0.5/8' }, null, '10.0.0.5/8', null],
    [
      'IPv6 as it is, and no gateway of the other family',
      { address: '2001:DB8::5/64' },
      LAB,
      '2001:db8::5/64',
      null,
    ],
  ] as const)('have %s', (_, settings, network, address, gateway) => {
    expect(one(settings, network)).toMatchObject({ method: 'static', address, gateway });
  });

  it('join the ports of a bond, whose settings one of them says', () => {
    const bond = { name: 'bond0' };
    expect(
      networkInterfaces([
        nic(1, { bond }),
        nic(2, { method: 'none' }),
        nic(3, {
          bond: { ...bond, mode: '802.3ad' },
          address: '10.0.0.5/24',
          vlan: 20,
          nameservers: ['10.0.0.1'],
        }),
      ]),
    ).toMatchObject([
      { ports: ['52:54:00:00:00:02'], method: 'none', bond: null },
      {
        ports: ['52:54:00:00:00:01', '52:54:00:00:00:03'],
        bond: { name: 'bond0', mode: '802.3ad' },
        vlan: 20,
        address: '10.0.0.5/24',
        nameservers: ['10.0.0.1'],
      },
    ]);
  });

  it.each([
    ['spec.nics.0.address: is needed', [nic(1, { method: 'static' })]],
    ['spec.nics.0.address: must be an IP address', [nic(1, { address: '10.0.0.256/24' })]],
    ['spec.nics.0.address: must be an IP address', [nic(1, { address: '10.0.0.5/33' })]],
    ['spec.nics.0.address: must be an IP address with its prefix length', [nic(1, { address: '10.0.0.5' })]],
    ['spec.nics.0.address: must be in its network', [nic(1, { address: '10.0.0.5' }, LAB)]],
    [
      'spec.nics.0.address: is only for the method static',
      [nic(1, { method: 'dhcp', address: '10.0.0.5/8' })],
    ],
    ['spec.nics.0.gateway: is only for the method static', [nic(1, { gateway: '10.0.0.1' })]],
    [
      'spec.nics.0.gateway: must be an IP address of the same family',
      [nic(1, { address: '10.0.0.5/8', gateway: '::1' })],
    ],
    ['spec.nics.0.nameservers: must be', [nic(1, { nameservers: ['dns'] })]],
    [
      'spec.nics.1.bond: another NIC of bond0 has settings',
      [nic(1, { bond: { name: 'bond0' }, method: 'dhcp' }), nic(2, { bond: { name: 'bond0' }, vlan: 3 })],
    ],
    [
      'spec.nics.1.bond.mode: the ports of bond0 disagree',
      [
        nic(1, { bond: { name: 'bond0', mode: 'broadcast' } }),
        nic(2, { bond: { name: 'bond0', mode: '802.3ad' } }),
      ],
    ],
  ])('refuse: %s', (message, nics) => {
    expect(refusal(...nics)).toContain(message);
  });
});
