import { describe, expect, it } from '@jest/globals';
import { defaultRange } from './served-range.js';

const at = (cidr: string) => [
  { family: 'IPv6', address: 'fe80::1', cidr: 'fe80::1/64' },
  { family: 'IPv4', address: cidr.split('/')[0] ?? '', cidr },
];

describe('the addresses that a site serves unless somebody says otherwise', () => {
  it.each([
    ['192.168.77.1/24', '192.168.77.100,192.168.77.200,255.255.255.0,1h'],
    ['192.168.77.150/24', '192.168.77.10,192.168.77.99,255.255.255.0,1h'],
    ['10.1.2.3/8', '10.1.2.100,10.1.2.200,255.0.0.0,1h'],
    ['10.0.0.129/25', '10.0.0.130,10.0.0.230,255.255.255.128,1h'],
    ['10.0.0.254/25', '10.0.0.153,10.0.0.253,255.255.255.128,1h'],
    ['10.0.0.1/29', '10.0.0.2,10.0.0.6,255.255.255.248,1h'],
    ['10.0.0.4/29', '10.0.0.1,10.0.0.3,255.255.255.248,1h'],
  ])('are in the network of %s, without its own', (cidr, range) => {
    expect(defaultRange('eth1', at(cidr))).toEqual({ address: cidr.split('/')[0], range });
  });

  it.each([
    [undefined, 'there is no network interface eth1'],
    [[], 'the interface eth1 has no IPv4 address'],
    [at('10.0.0.1/30'), 'has no room for machines'],
  ])('are refused where there are none: %j', (addresses, message) => {
    expect(() => defaultRange('eth1', addresses)).toThrow(
      expect.objectContaining({
        code: 'environment',
        message: expect.stringContaining(message),
        hint: expect.any(String),
      }),
    );
  });
});
