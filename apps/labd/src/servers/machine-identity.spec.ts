import { describe, expect, it } from '@jest/globals';
import { identify, telling, type KnownServer } from './machine-identity.js';

const server = (name: string, changes: Partial<KnownServer>): KnownServer => ({
  ...{ id: name, name, uuid: null, serial: null, macs: [] },
  ...changes,
});
const [M1, M2] = ['52:54:00:00:00:01', '52:54:00:00:00:02'];

describe('identify', () => {
  it.each([
    ['a MAC in common', { macs: [M1] }, { macs: [M1, M2] }],
    ['a MAC in common, its UUID not known before', { macs: [M1] }, { uuid: 'u', macs: [M1] }],
    [
      'UUID and serial number, all NICs replaced',
      { uuid: 'u', serial: 's', macs: [M1] },
      { uuid: 'u', serial: 's', macs: [M2] },
    ],
  ])('knows a server by %s', (_what, known, machine) => {
    const found = identify({ uuid: null, serial: null, ...machine }, [server('a', known)]);
    expect(found).toEqual({ server: server('a', known), conflicts: [] });
  });

  it.each([
    ['nothing in common', { uuid: 'u', macs: [M1] }, { uuid: 'v', macs: [M2] }, []],
    ['a serial number alone', { serial: 's', macs: [M1] }, { serial: 's', macs: [M2] }, []],
    [
      'a UUID alone: boards of one make share it',
      { uuid: 'u', macs: [M1] },
      { uuid: 'u', macs: [M2] },
      ['SharedUuid'],
    ],
    [
      'a UUID with another serial number',
      { uuid: 'u', serial: 's', macs: [M1] },
      { uuid: 'u', serial: 't', macs: [M2] },
      ['SharedUuid'],
    ],
  ])('takes a machine for a new one with %s', (_what, known, machine, reasons) => {
    const found = identify({ uuid: null, serial: null, ...machine }, [server('a', known)]);
    expect(found.server).toBeUndefined();
    expect(found.conflicts.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('leaves a server what it is when its MAC comes with another UUID, and says so', () => {
    const known = server('a', { uuid: 'u', macs: [M1] });
    const found = identify({ uuid: 'v', serial: null, macs: [M1] }, [known]);
    expect(found).toMatchObject({ server: { id: 'a' }, conflicts: [{ serverId: 'a', reason: 'OtherUuid' }] });
  });

  it('goes by the UUID when the MACs are of two servers, and says so', () => {
    const known = [server('a', { uuid: 'u', macs: [M1] }), server('b', { uuid: 'v', macs: [M2] })];
    const found = identify({ uuid: 'v', serial: null, macs: [M1, M2] }, known);
    expect(found).toMatchObject({ server: { id: 'b' }, conflicts: [{ serverId: 'a', reason: 'SharedMac' }] });
  });
});

describe('telling', () => {
  it.each([
    null,
    '',
    ' 0 ',
    'None',
    'To Be Filled By O.E.M.',
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  ])('drops %j, which vendors leave where they state nothing', (text) => {
    expect(telling(text)).toBeNull();
  });
  it('keeps the rest, trimmed', () => {
    expect(telling(' ABC123 ')).toBe('ABC123');
  });
});
