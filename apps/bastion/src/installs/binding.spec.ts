import { describe, expect, it } from '@jest/globals';
import {
  compareLinks,
  judgeBoot,
  judgeReport,
  mayFetch,
  type Binding,
  type BoundInstall,
} from './binding.js';
import { neighbourIn } from '../machines/neighbours.js';

const SILENCE_MS = 120_000;
const NOW = 1_000_000_000;
const UUID = '4c4c4544-0042-3310-8052-b4c04f4d3332';
const ME = { uuid: UUID, serial: 'SN1' };
const binding: Binding = {
  ...ME,
  addresses: ['10.0.0.10', '10.0.0.11'],
  link: '52:54:00:00:00:01',
  kickstartHash: 'k',
  reportHash: 'r',
  fetchedAt: NOW - 500_000,
};
const install = (over: Partial<BoundInstall> = {}): BoundInstall => ({
  binding,
  plannedAddresses: ['10.0.9.9'],
  outcome: 'active',
  heardAt: NOW,
  ...over,
});

describe('Who may boot an install', () => {
  const silent = install({ heardAt: NOW - SILENCE_MS });
  it.each([
    [
      'anyone, while it is not bound',
      install({ binding: null }),
      { ...ME, address: '10.0.0.66', link: 'other' },
      'machine',
    ],
    [
      'its machine, where its kickstart went',
      install(),
      { ...ME, address: '10.0.0.10', link: 'unknown' },
      'machine',
    ],
    [
      'its machine, where its boot script went',
      install(),
      { ...ME, address: '10.0.0.11', link: 'unknown' },
      'machine',
    ],
    [
      'its machine, at an address of its order',
      install(),
      { ...ME, address: '10.0.9.9', link: 'unknown' },
      'machine',
    ],
    [
      'not its machine at another address, yet',
      install(),
      { ...ME, address: '10.0.0.12', link: 'unknown' },
      'elsewhere',
    ],
    [
      'its machine at another address, in time',
      silent,
      { ...ME, address: '10.0.0.12', link: 'unknown' },
      'restarted',
    ],
    [
      'no other machine, ever',
      silent,
      { ...ME, serial: 'SN2', address: '10.0.0.66', link: 'unknown' },
      'elsewhere',
    ],
    [
      'no machine that keeps quiet',
      silent,
      { uuid: null, serial: null, address: '10.0.0.66', link: 'unknown' },
      'elsewhere',
    ],
    [
      'no other machine at its address',
      install(),
      { ...ME, uuid: null, address: '10.0.0.10', link: 'unknown' },
      'other-machine',
    ],
    [
      'its machine, the same on the link',
      install(),
      { ...ME, address: '10.0.0.12', link: 'same' },
      'restarted',
    ],
  ] as const)('%s', (_who, bound, asker, verdict) => {
    expect(judgeBoot(bound, asker, NOW, SILENCE_MS)).toBe(verdict);
  });

  it('and fetch: who was given the kickstart, unless the bound machine was heard of since', () => {
    const open = { ...ME, hash: 'h', mac: 'm', address: '10.0.0.12', mintedAt: NOW - 10 };
    expect(mayFetch(install({ heardAt: NOW - 11 }), open, { address: '10.0.0.13', link: 'other' })).toBe(
      true,
    );
    expect(mayFetch(install({ heardAt: NOW - 10 }), open, { address: '10.0.0.13', link: 'other' })).toBe(
      false,
    );
    expect(mayFetch(install({ heardAt: NOW }), open, { address: '10.0.0.10', link: 'unknown' })).toBe(true);
    expect(mayFetch(install({ binding: null }), open, { address: '10.0.0.13', link: 'other' })).toBe(true);
  });
});

describe('Who may report with the token of an install', () => {
  const silent = install({ heardAt: NOW - SILENCE_MS });
  const ended = install({ outcome: 'post-ended' });
  it.each([
    ['its machine', install(), '10.0.0.10', 'unknown', 'machine'],
    ['nobody elsewhere, whose link is not seen', install(), '10.0.0.66', 'unknown', 'elsewhere'],
    ['its machine elsewhere, which is the same on the link', install(), '10.0.0.12', 'same', 'moved'],
    ['its machine elsewhere, once the old address is silent', silent, '10.0.0.12', 'unknown', 'moved'],
    ['no other host on the link, however silent', silent, '10.0.0.66', 'other', 'elsewhere'],
    ['the installed system, which is the same on the link', ended, '10.0.0.12', 'same', 'moved'],
    ['not another host, while the machine reboots', ended, '10.0.0.66', 'other', 'elsewhere'],
    ['nobody elsewhere after the end', install({ outcome: 'succeeded' }), '10.0.0.66', 'same', 'elsewhere'],
    ['its machine after the end', install({ outcome: 'failed' }), '10.0.0.10', 'unknown', 'machine'],
  ] as const)('%s', (_who, bound, address, link, verdict) => {
    expect(judgeReport(bound, { address, link }, NOW, SILENCE_MS)).toBe(verdict);
  });

  it('is told by the MAC address on the link: that of the fetch, or any of its server', () => {
    const macs = new Set(['52:54:00:00:00:02']);
    expect(compareLinks(binding, macs, '52:54:00:00:00:01')).toBe('same');
    expect(compareLinks(binding, macs, '52:54:00:00:00:02')).toBe('same');
    expect(compareLinks(binding, macs, '52:54:00:00:00:66')).toBe('other');
    expect(compareLinks(binding, macs, null)).toBe('unknown');
    expect(compareLinks({ link: null }, macs, '52:54:00:00:00:66')).toBe('unknown');
  });

  it('is looked up in the ARP table', () => {
    const table = `IP address       HW type     Flags       HW address            Mask     Device
192.168.90.66    0x1         0x2         AA:bb:cc:00:00:66     *        lab0
192.168.90.6     0x1         0x0         00:00:00:00:00:00     *        lab0
`;
    expect(neighbourIn(table, '192.168.90.66')).toBe('aa:bb:cc:00:00:66');
    expect(neighbourIn(table, '192.168.90.6')).toBeNull();
    expect(neighbourIn(table, '192.168.90')).toBeNull();
    expect(neighbourIn('', '192.168.90.66')).toBeNull();
  });
});
