import { expect, it } from '@jest/globals';
import { parseLeases } from './lease-file.js';

it('reads leases of Ethernet NICs, and leaves out what is none', () => {
  const text = [
    '1764087000 52:54:00:00:00:01 192.168.77.100 node1 01:52:54:00:00:00:01',
    '0 52:54:00:00:00:02 192.168.77.101 * *',
    '1764087000 06-00:11:22:33:44:55:66:77 192.168.77.102 * *',
    '1764087000 52:54:00:00:00:03 192.168.77.999 * *',
    'x 52:54:00:00:00:03 192.168.77.103 * *',
    '1764087000 52:54:00:00:00:04',
    '',
    'duid 00:01:00:01',
    '1764087000 52:54:00:00:00:05 192.168.77.105 * *',
  ].join('\n');
  expect(parseLeases(text)).toEqual([
    {
      mac: '52:54:00:00:00:01',
      address: '192.168.77.100',
      hostname: 'node1',
      expiresAt: '2025-11-25T16:10:00.000Z',
    },
    { mac: '52:54:00:00:00:02', address: '192.168.77.101', hostname: null, expiresAt: null },
  ]);
});
