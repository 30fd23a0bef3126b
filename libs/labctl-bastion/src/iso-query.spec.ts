import { describe, expect, it } from '@jest/globals';
import type { Nic, Server } from '@lab/cli-kit';
import { isoPath, ofServer, type IsoWishes } from './iso-query.js';

type Declared = NonNullable<Server['spec']['nics']>[number];

const [ONE, TWO, THREE] = ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:00:00:00:03'] as const;

const seen = (mac: string, over: Partial<Nic> = {}): Nic => ({
  mac,
  name: 'ens3',
  addresses: [],
  boot: false,
  driver: null,
  linkUp: null,
  network: null,
  speedMbps: null,
  ...over,
});

/** Only what is read. */
const server = (nics: readonly Declared[], reported: readonly Nic[] = []): Server =>
  ({ metadata: { name: 'node1' }, spec: { nics }, status: { nics: reported } }) as unknown as Server;

const asked = (
  nics: readonly Declared[],
  reported: readonly Nic[] = [],
  said: Partial<IsoWishes> = {},
): Promise<IsoWishes> =>
  ofServer(server(nics, reported), { macs: [], ...said }, (name) =>
    Promise.resolve({ cidr: name === 'lab' ? '10.1.0.0/16' : '192.168.9.0/24', gateway: '10.1.0.1' }),
  );

describe('The boot medium of a server', () => {
  it('without a declared address is for all of its NICs, by DHCP', async () => {
    expect(await asked([{ mac: ONE }], [seen(ONE), seen(TWO)])).toEqual({ macs: [ONE, TWO] });
  });

  it('has the declared address, and is for that NIC', async () => {
    const nic = {
      mac: TWO,
      address: '10.9.0.5/24',
      gateway: '10.9.0.1',
      nameservers: ['2001:db8::53', '10.9.0.53'],
    };
    expect(await asked([{ mac: ONE }, nic])).toEqual({
      macs: [TWO],
      address: '10.9.0.5/24',
      gateway: '10.9.0.1',
      dns: '10.9.0.53',
    });
  });

  it('takes prefix length and gateway of the network that the NIC is in', async () => {
    const expected = { macs: [ONE], address: '10.1.2.3/16', gateway: '10.1.0.1', dns: undefined };
    expect(await asked([{ mac: ONE, address: '10.1.2.3', network: 'lab' }])).toEqual(expected);
    expect(await asked([{ mac: ONE, address: '10.1.2.3' }], [seen(ONE, { network: 'lab' })])).toEqual(
      expected,
    );
  });

  it('prefers the NIC that booted', async () => {
    const nics = [
      { mac: ONE, address: '10.0.0.1/24' },
      { mac: TWO, address: '10.0.0.2/24' },
    ];
    expect((await asked(nics, [seen(ONE), seen(TWO, { boot: true })])).address).toBe('10.0.0.2/24');
  });

  it('leaves out what only the installed system has: a VLAN, a bond, IPv6', async () => {
    const nics: Declared[] = [
      { mac: ONE, address: '10.0.0.1/24', vlan: 7 },
      { mac: TWO, address: '10.0.0.2/24', bond: { name: 'bond0', mode: 'active-backup' } },
      { mac: THREE, address: '2001:db8::3/64' },
    ];
    expect(await asked(nics)).toEqual({ macs: [ONE, TWO, THREE] });
  });

  it('has what is said on the command line instead', async () => {
    const nics = [{ mac: ONE, address: '10.0.0.1/24', gateway: '10.0.0.254' }];
    expect(await asked(nics, [seen(TWO)], { address: '10.0.0.9/24' })).toEqual({
      macs: [ONE, TWO],
      address: '10.0.0.9/24',
    });
    expect(await asked(nics, [], { gateway: '10.0.0.7' })).toMatchObject({ gateway: '10.0.0.7' });
  });

  it('needs a NIC, and a prefix length', async () => {
    await expect(asked([])).rejects.toMatchObject({
      code: 'not-found',
      hint: expect.stringContaining('spec.nics'),
    });
    await expect(asked([{ mac: ONE, address: '10.0.0.1' }])).rejects.toMatchObject({
      code: 'invalid',
      hint: expect.stringContaining('--address 10.0.0.1/24'),
    });
  });

  it('is asked for in the bastion’s own words', () => {
    expect(isoPath({ macs: [] })).toBe('/boot.iso');
    expect(isoPath({ macs: [ONE, TWO], address: '10.0.0.1/24', gateway: 'a&b' })).toBe(
      '/boot.iso?mac=52%3A54%3A00%3A00%3A00%3A01&mac=52%3A54%3A00%3A00%3A00%3A02&address=10.0.0.1%2F24&gateway=a%26b',
    );
  });
});
