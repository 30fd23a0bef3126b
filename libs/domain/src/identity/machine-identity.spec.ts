import { describe, expect, it } from '@jest/globals';
import {
  MOST_HOLDERS,
  identify,
  type IdentityDisk,
  type MacHolder,
  type SeenMachine,
} from './machine-identity.js';

const [A, B, C, D] = [1, 2, 3, 4].map((number) => `3c:ec:ef:00:00:0${number}`) as [
  string,
  string,
  string,
  string,
];
const DONGLE = '00:e0:4c:68:00:01';
const HERE = { id: 'site-a', cloud: 'default', environment: 'default' };
const PLACEHOLDER = { uuid: '03020100-0504-0706-0809-0a0b0c0d0e0f', serial: '1234567890' };

const nic = (mac: string, driver = 'igb') => ({ name: 'eno1', mac, driver });
const usb = nic(DONGLE, 'r8152');
const disk = (serial: string, changes: Partial<IdentityDisk> = {}): IdentityDisk => ({
  ...{ serial, wwn: null, transport: 'sata', removable: false },
  ...changes,
});
const machine = (bootMac: string, changes: Partial<SeenMachine> = {}): SeenMachine => ({
  bootMac,
  uuid: null,
  serial: null,
  nics: [nic(bootMac)],
  disks: [],
  ...changes,
});
const server = (id: string, changes: Partial<MacHolder> = {}): MacHolder => ({
  ...{ id, uuid: null, serial: null, nics: [nic(A)], disks: [], ownMacs: [A] },
  ...{ cloud: 'default', environment: 'default', bastionId: 'site-a', isOrdered: false },
  ...changes,
});
const found = (seen: SeenMachine, holders: MacHolder[], unique = true, bastion = HERE) =>
  identify(seen, holders, bastion, () => ({ uuid: unique, serial: unique }));

describe('which server a machine is', () => {
  it.each<[string, Partial<SeenMachine>, Partial<MacHolder>, boolean?]>([
    ['nothing else is known', {}, {}],
    ['its UUID was not known before', { uuid: 'u' }, {}],
    ['all is as it was', { uuid: 'u', serial: 's' }, { uuid: 'u', serial: 's' }],
    [
      'one of its other NICs was replaced',
      { uuid: 'u', nics: [nic(A), nic(B), nic(D)] },
      { uuid: 'u', nics: [nic(A), nic(C), nic(D)] },
    ],
    [
      'its other NICs were replaced in a board whose UUID others share',
      { ...PLACEHOLDER, nics: [nic(A), nic(B)], disks: [disk('D1')] },
      { ...PLACEHOLDER, nics: [nic(A), nic(C)], disks: [disk('D1')] },
      false,
    ],
    ['its disks were replaced', { disks: [disk('D2')] }, { disks: [disk('D1')] }],
    ['it got a USB adapter', { nics: [nic(A), usb] }, {}],
  ])('is the one with the NIC that it booted from: %s', (_what, seen, known, ...[unique]) => {
    expect(found(machine(A, seen), [server('a', known)], unique)).toEqual({
      outcome: 'known',
      serverId: 'a',
    });
  });

  it('is the one that has the NIC, though it booted from another before', () => {
    const known = server('a', { nics: [nic(A), nic(B)], ownMacs: [A] });
    expect(found(machine(B, { nics: [nic(A), nic(B)] }), [known])).toEqual({
      outcome: 'known',
      serverId: 'a',
    });
  });

  it.each<[string, Partial<SeenMachine>, Partial<MacHolder>, boolean?]>([
    ['with another UUID', { uuid: 'v' }, { uuid: 'u' }],
    ['with the same UUID and another serial number', { uuid: 'u', serial: 't' }, { uuid: 'u', serial: 's' }],
    ['with another UUID and the same serial number', { uuid: 'v', serial: 's' }, { uuid: 'u', serial: 's' }],
    [
      'with other NICs and disks, in a board whose UUID others share',
      { ...PLACEHOLDER, nics: [nic(A), nic(B)], disks: [disk('D2')] },
      { ...PLACEHOLDER, nics: [nic(A), nic(C)], disks: [disk('D1')] },
      false,
    ],
    [
      'with none of its other NICs',
      { uuid: 'u', nics: [nic(A), nic(B)] },
      { uuid: 'u', nics: [nic(A), nic(C)] },
    ],
    [
      'with other NICs and disks, in a board whose UUID others will share',
      { ...PLACEHOLDER, nics: [nic(A), nic(B)], disks: [disk('D2')] },
      { ...PLACEHOLDER, nics: [nic(A), nic(C)], disks: [disk('D1')] },
    ],
  ])('is a new one: a machine with its NIC, but %s', (_what, seen, known, ...[unique]) => {
    expect(found(machine(A, seen), [server('a', known)], unique)).toEqual({ outcome: 'new' });
  });

  it('is a new one when an adapter is carried to another machine, whatever the boards have in common', () => {
    const known = server('a', { ...PLACEHOLDER, nics: [usb, nic(A)], ownMacs: [DONGLE] });
    const seen = machine(DONGLE, { ...PLACEHOLDER, nics: [usb, nic(B)] });
    expect(found(seen, [known])).toEqual({ outcome: 'new' });
    expect(found(machine(DONGLE, { ...PLACEHOLDER, nics: [usb, nic(A)] }), [known])).toMatchObject({
      serverId: 'a',
    });
  });

  it('tells LUNs and sticks, which several machines see, from disks of its own', () => {
    const lun = disk('LUN', { wwn: '0x600a', transport: 'fc' });
    const stick = disk('STICK', { transport: 'usb' });
    const known = server('a', { ...PLACEHOLDER, nics: [nic(A), nic(C)], disks: [lun, stick] });
    const seen = machine(A, { ...PLACEHOLDER, nics: [nic(A), nic(B)], disks: [lun, stick] });
    expect(found(seen, [known], false)).toEqual({ outcome: 'new' });
  });

  it('never is one without the NIC that it booted from', () => {
    expect(found(machine(B, { ...PLACEHOLDER }), [])).toEqual({ outcome: 'new' });
  });

  it('is the one that is most like it, of several with its NIC', () => {
    const owner = server('a', { uuid: 'u', nics: [usb], ownMacs: [DONGLE] });
    const other = server('b', { uuid: 'v', nics: [usb], ownMacs: [] });
    for (const holders of [
      [owner, other],
      [other, owner],
    ]) {
      expect(found(machine(DONGLE, { uuid: 'v', nics: [usb] }), holders)).toEqual({
        outcome: 'known',
        serverId: 'b',
      });
      expect(found(machine(DONGLE, { uuid: 'u', nics: [usb] }), holders)).toEqual({
        outcome: 'known',
        serverId: 'a',
      });
    }
  });

  it('is refused to a bastion of another cloud or environment', () => {
    const refusal = { outcome: 'refused', serverId: 'a', reason: 'ForeignBastion' };
    const evil = { id: 'site-e', cloud: 'evil', environment: 'default' };
    const known = server('a', { uuid: 'u' });
    expect(found(machine(A, { uuid: 'u' }), [known], true, evil)).toEqual(refusal);
    expect(found(machine(A, { uuid: 'made up' }), [known], true, evil)).toEqual(refusal);
    const staging = { ...HERE, id: 'site-s', environment: 'staging' };
    expect(found(machine(A), [known], true, staging)).toEqual(refusal);
    // One that it hasn't booted from is its own, too; one that all BMCs of a make show isn't.
    expect(
      found(machine(B, { uuid: 'w' }), [server('a', { uuid: 'u', nics: [nic(A), nic(B)] })], true, evil),
    ).toEqual(refusal);
    const bmc = nic('be:3a:f2:b6:05:9f', 'cdc_ether');
    const seen = machine(bmc.mac, { uuid: 'w', nics: [bmc] });
    expect(found(seen, [server('a', { uuid: 'u', nics: [nic(A), bmc] })], true, evil)).toEqual({
      outcome: 'new',
    });
  });

  it('goes on being seen by its bastion when a person puts it into another place', () => {
    const moved = server('a', { cloud: 'prod', environment: 'staging', bastionId: HERE.id, isOrdered: true });
    expect(found(machine(A), [moved])).toEqual({ outcome: 'known', serverId: 'a' });
  });

  it('changes its bastion unless something is ordered', () => {
    const next = { ...HERE, id: 'site-b' };
    expect(found(machine(A), [server('a')], true, next)).toMatchObject({ outcome: 'known' });
    expect(found(machine(A), [server('a', { isOrdered: true })], true, next)).toEqual({
      outcome: 'refused',
      serverId: 'a',
      reason: 'OtherBastion',
    });
    expect(found(machine(A), [server('a', { isOrdered: true })])).toMatchObject({ outcome: 'known' });
  });

  it('is no new one any more when very many machines claim the NIC', () => {
    const holders = Array.from({ length: MOST_HOLDERS }, (_, number) =>
      server(`s${number}`, { uuid: `u${number}`, ownMacs: number === 3 ? [A] : [] }),
    );
    expect(found(machine(A, { uuid: 'another' }), holders)).toEqual({
      outcome: 'refused',
      serverId: 's3',
      reason: 'TooManyClaims',
    });
    expect(found(machine(A, { uuid: 'u5' }), holders)).toEqual({ outcome: 'known', serverId: 's5' });
  });
});
