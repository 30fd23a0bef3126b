import { describe, expect, it } from '@jest/globals';
import { identityFindings, type ComparedServer } from './identity-conflicts.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 10, minute));
const server = (name: string, changes: Partial<ComparedServer> = {}): ComparedServer => ({
  ...{ id: name, name, cloud: 'default', environment: 'default', uuid: null, serial: null },
  ...{ macs: [], ownMacs: [], disks: [], createdAt: at(0), lastSeenAt: at(30) },
  ...changes,
});
const MAC = '3c:ec:ef:00:00:01';

describe('what two servers claim', () => {
  it.each<[string, Partial<ComparedServer>, Partial<ComparedServer>, string[]]>([
    ['nothing', { uuid: 'u' }, { uuid: 'v' }, []],
    ['a UUID', { uuid: 'u' }, { uuid: 'u' }, ['IdentityConflict SharedUuid']],
    ['a serial number', { serial: 's' }, { serial: 's', uuid: 'v' }, ['IdentityConflict SharedSerial']],
    ['the number of their chassis', { serial: 's', uuid: 'u' }, { serial: 's', uuid: 'v' }, []],
    [
      'a MAC that one boots from',
      { macs: [MAC], ownMacs: [MAC] },
      { macs: [MAC] },
      ['IdentityConflict SharedMac'],
    ],
    ['a MAC that neither boots from', { macs: [MAC] }, { macs: [MAC] }, ['SharedMac SharedMac']],
    [
      'a disk, at different times',
      { disks: ['d'], lastSeenAt: at(5) },
      { disks: ['d'], createdAt: at(10) },
      ['IdentityConflict SharedDisk'],
    ],
    ['a disk that was moved', { disks: ['d'] }, { disks: ['d'], createdAt: at(10) }, []],
    [
      'a MAC and a UUID',
      { macs: [MAC], uuid: 'u' },
      { macs: [MAC], uuid: 'u' },
      ['IdentityConflict SharedUuid'],
    ],
  ])('%s is stated on both', (_what, one, other, stated) => {
    const [a, b] = [server('a', one), server('b', other)];
    for (const findings of [identityFindings(a, [b]), identityFindings(b, [a])]) {
      expect(findings.map(({ type, reason }) => `${type} ${reason}`)).toEqual(stated);
    }
  });

  it('names the command that joins them, when one fell silent before the other came', () => {
    const old = server('node1', { uuid: 'u', lastSeenAt: at(5) });
    const replacement = server('srv-000002', { uuid: 'u', createdAt: at(10) });
    for (const [finding] of [identityFindings(old, [replacement]), identityFindings(replacement, [old])]) {
      expect(finding?.message).toContain('labctl adopt node1 srv-000002');
    }
    const alive = server('node1', { uuid: 'u', lastSeenAt: at(15) });
    expect(identityFindings(alive, [replacement])[0]?.message).not.toContain('adopt');
  });

  it('says a replaced board by its serial number and disks, though its UUID is new', () => {
    const old = server('node1', { uuid: 'u', serial: 's', disks: ['d'], lastSeenAt: at(5) });
    const board = server('srv-000002', { uuid: 'v', serial: 's', disks: ['d'], createdAt: at(10) });
    expect(identityFindings(old, [board])).toMatchObject([{ reason: 'SharedSerial' }]);
    expect(identityFindings(old, [board])[0]?.message).toContain('labctl adopt node1 srv-000002');
  });

  it('keeps names of another cloud to itself', () => {
    const finding = identityFindings(server('a', { uuid: 'u' }), [
      server('secret', { uuid: 'u', cloud: 'other' }),
    ])[0];
    expect(finding?.message).toContain('a server in cloud other');
    expect(finding?.message).not.toContain('secret');
  });

  it('stays short in a fleet of boards that all say the same', () => {
    const others = Array.from({ length: 8 }, (_, number) => server(`node${number}`, { uuid: 'u' }));
    const [finding] = identityFindings(server('a', { uuid: 'u' }), others);
    expect(finding?.message).toMatch(/node0's.*node1's.*node2's\. Others share it, too\./);
    expect(finding?.message).not.toContain('node3');
  });
});
