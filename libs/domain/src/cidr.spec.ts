import { describe, expect, it } from '@jest/globals';
import { cidrContains, isInterfaceAddress, isIpAddress, parseCidr } from './cidr.js';

describe('a CIDR', () => {
  it.each([
    '192.168.77.0/24',
    '0.0.0.0/0',
    '10.0.0.1/32',
    '1::/16',
    '1:2:3:4:5:6:7:8/128',
    '2001:db8::/64',
    '::/0',
    '::ffff:1.2.3.0/120',
  ])('can be %s', (text) => {
    expect(parseCidr(text)).toBeDefined();
  });

  it.each([
    '192.168.77.1/24',
    '192.168.77.0',
    '192.168.77.0/33',
    '192.168.77.0/',
    '/24',
    'a/24',
    '1.2.3/24',
    '2001:db8::1/64',
    'fe80::%eth0/64',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '',
  ])("can't be %j", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it.each([
    ['192.168.77.0/24', '192.168.77.100/24', true],
    ['192.168.77.0/24', '192.168.78.1', false],
    ['192.168.77.0/24', '2001:db8::1', false],
    ['2001:db8::/64', '2001:db8::5:6/128', true],
    ['2001:db8::/64', '2001:db8:0:1::5', false],
    ['0.0.0.0/0', '1.2.3.4', true],
    ['::ffff:1.2.3.0/120', '::ffff:1.2.3.4', true],
    ['10.0.0.0/8', 'rubbish', false],
  ])('%s with %s: %s', (text, address, inside) => {
    const network = parseCidr(text);
    expect(network !== undefined && cidrContains(network, address)).toBe(inside);
  });

  it('has addresses with a prefix length of their own on interfaces', () => {
    expect(
      ['10.0.0.1', '10.0.0.1/24', '::1/128', '10.0.0.1/33', '10.0.0.1/', 'x/24', '10.0.0.1/24/1'].map(
        isInterfaceAddress,
      ),
    ).toEqual([true, true, true, false, false, false, false]);
  });

  it('has addresses without zone and length', () => {
    expect(['10.0.0.1', '::1', '10.0.0.1/8', 'fe80::1%eth0', '10.0.0'].map(isIpAddress)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
