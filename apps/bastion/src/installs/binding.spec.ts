import { describe, expect, it } from '@jest/globals';
import {
  claimOf,
  compareClaims,
  judgeBoot,
  judgeReport,
  mayFetch,
  type Binding,
  type BoundInstall,
} from './binding.js';

const SILENCE_MS = 120_000;
const NOW = 1_000_000_000;
const UUID = '4c4c4544-0042-3310-8052-b4c04f4d3332';
const ME = { uuid: UUID, serial: 'SN1' };
const binding: Binding = {
  ...ME,
  addresses: ['10.0.0.10', '10.0.0.11'],
  kickstartHash: 'k',
  reportHash: 'r',
  fetchedAt: NOW - 500_000,
};
const install = (over: Partial<BoundInstall> = {}): BoundInstall => ({
  binding,
  plannedAddresses: ['10.0.9.9'],
  outcome: 'active',
  systemHeard: false,
  heardAt: NOW,
  ...over,
});

describe('Who a machine says it is', () => {
  it.each([
    ['the same', ME, ME, 'same'],
    ['in other letters, with spaces', claimOf(UUID.toUpperCase(), ' sn-1 '), claimOf(UUID, 'SN1'), 'same'],
    [
      'with the bytes of the UUID swapped',
      ME,
      { ...ME, uuid: '44454c4c-4200-1033-8052-b4c04f4d3332' },
      'same',
    ],
    ['nothing, of which nothing is known', claimOf(null, null), ME, 'unknown'],
    ['nothing at all', ME, claimOf('', ''), 'unknown'],
    ['only what PXE tells everyone', ME, claimOf(UUID, undefined), 'unknown'],
    ['another serial number', ME, claimOf(UUID, 'SN2'), 'other'],
    ['another UUID', ME, claimOf('00112233-4455-6677-8899-aabbccddeeff', 'SN1'), 'other'],
    ['something that is no UUID', ME, claimOf(['x'], { a: 1 }), 'unknown'],
  ])('%s', (_what, known, claim, verdict) => {
    expect(compareClaims(known, claim)).toBe(verdict);
  });
});

describe('Who may boot an install', () => {
  const silent = install({ heardAt: NOW - SILENCE_MS });
  it.each([
    ['anyone, while it is not bound', install({ binding: null }), { ...ME, address: '10.0.0.66' }, 'machine'],
    ['its machine, where its kickstart went', install(), { ...ME, address: '10.0.0.10' }, 'machine'],
    ['its machine, where its boot script went', install(), { ...ME, address: '10.0.0.11' }, 'machine'],
    ['its machine, at an address of its order', install(), { ...ME, address: '10.0.9.9' }, 'machine'],
    ['not its machine at another address, yet', install(), { ...ME, address: '10.0.0.12' }, 'elsewhere'],
    ['its machine at another address, in time', silent, { ...ME, address: '10.0.0.12' }, 'restarted'],
    ['no other machine, ever', silent, { ...ME, serial: 'SN2', address: '10.0.0.66' }, 'elsewhere'],
    ['no machine that keeps quiet', silent, { uuid: null, serial: null, address: '10.0.0.66' }, 'elsewhere'],
    [
      'no other machine at its address',
      install(),
      { ...ME, uuid: null, address: '10.0.0.10' },
      'other-machine',
    ],
  ])('%s', (_who, bound, asker, verdict) => {
    expect(judgeBoot(bound, asker, NOW, SILENCE_MS)).toBe(verdict);
  });

  it('and fetch: who was given the kickstart, unless the bound machine was heard of since', () => {
    const open = { ...ME, hash: 'h', mac: 'm', address: '10.0.0.12', mintedAt: NOW - 10 };
    expect(mayFetch(install({ heardAt: NOW - 11 }), open, '10.0.0.13')).toBe(true);
    expect(mayFetch(install({ heardAt: NOW - 10 }), open, '10.0.0.13')).toBe(false);
    expect(mayFetch(install({ heardAt: NOW }), open, '10.0.0.10')).toBe(true);
    expect(mayFetch(install({ binding: null }), open, '10.0.0.13')).toBe(true);
  });
});

describe('Who may report with the token of an install', () => {
  it.each([
    ['its machine', install(), '10.0.0.10', 'machine'],
    ['nobody elsewhere, while the installer runs', install(), '10.0.0.66', 'elsewhere'],
    ['its machine elsewhere, once the old address is silent', install({ heardAt: 0 }), '10.0.0.12', 'moved'],
    ['the installed system, wherever it is', install({ outcome: 'post-ended' }), '10.0.0.12', 'moved'],
    [
      'nobody else than that',
      install({ outcome: 'post-ended', systemHeard: true }),
      '10.0.0.66',
      'elsewhere',
    ],
    [
      'nobody elsewhere after the end',
      install({ outcome: 'succeeded', heardAt: 0 }),
      '10.0.0.66',
      'elsewhere',
    ],
    ['its machine after the end', install({ outcome: 'failed' }), '10.0.0.10', 'machine'],
  ])('%s', (_who, bound, address, verdict) => {
    expect(judgeReport(bound, address, NOW, SILENCE_MS)).toBe(verdict);
  });
});
