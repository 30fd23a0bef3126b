import { describe, expect, it } from '@jest/globals';
import { claimOf, compareClaims } from './machine-claim.js';

const UUID = '4c4c4544-0042-3310-8052-b4c04f4d3332';
const SWAPPED = '44454c4c-4200-1033-8052-b4c04f4d3332';
const ME = { uuid: UUID, serial: 'SN1' };
/** Shared by all boards of a make. */
const PLACEHOLDER = '03020100-0504-0706-0809-0a0b0c0d0e0f';

describe('Who a machine says it is', () => {
  it.each([
    ['the same', ME, ME, 'same'],
    ['in other letters, with spaces', claimOf(UUID.toUpperCase(), ' sn-1 '), claimOf(UUID, 'SN1'), 'same'],
    ['with the bytes of the UUID swapped', ME, { ...ME, uuid: SWAPPED }, 'same'],
    ['nothing, of which nothing is known', claimOf(null, null), ME, 'unknown'],
    ['nothing at all', ME, claimOf('', ''), 'unknown'],
    ['only what PXE tells everyone', ME, claimOf(UUID, undefined), 'unknown'],
    [
      'only its UUID, of which only the serial number is known',
      claimOf(null, 'SN1'),
      claimOf(UUID, ''),
      'unknown',
    ],
    ['another serial number', ME, claimOf(UUID, 'SN2'), 'other'],
    ['another serial number, with swapped bytes', ME, claimOf(SWAPPED, 'SN2'), 'other'],
    [
      'another serial number, with the UUID of all its make',
      { ...ME, uuid: PLACEHOLDER },
      claimOf(PLACEHOLDER, 'SN2'),
      'other',
    ],
    ['another UUID', ME, claimOf('00112233-4455-6677-8899-aabbccddeeff', 'SN1'), 'other'],
    [
      'another UUID, with the serial number that every board has',
      { ...ME, serial: '1234567890' },
      claimOf(PLACEHOLDER, '1234567890'),
      'other',
    ],
    ['another serial number and no UUID', ME, claimOf('', 'SN2'), 'other'],
    ['something that is no UUID', ME, claimOf(['x'], { a: 1 }), 'unknown'],
  ])('%s', (_what, known, claim, verdict) => {
    expect(compareClaims(known, claim)).toBe(verdict);
  });
});
