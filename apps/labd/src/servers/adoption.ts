import { LabError } from '@lab/domain';
import type { MachineRecord, RecordedNic } from './machine-record.js';

/** One of the two records, with what speaks against joining it. */
export interface Adopted {
  record: MachineRecord;
  /** The server has had an install. */
  hasInstalls: boolean;
  cluster: string | null;
}

/**
 * Raises why a server can't take the machine of another. `force` is a person's word against one thing only: that both have been
 * heard of at the same time, and so look like two machines.
 */
export function checkAdoption(server: Adopted, from: Adopted, force: boolean): void {
  const [old, now] = [server.record, from.record];
  if (old.id === now.id) {
    throw new LabError('invalid', `${old.name} can't adopt itself`, {
      hint: 'Name the server that stays, then the one whose machine it takes.',
      errors: [{ path: 'from', message: 'is the server itself' }],
    });
  }
  for (const { name, phase } of [old, now]) {
    if (phase !== 'provisioning') continue;
    throw new LabError('illegal-transition', `${name} is being installed`, {
      hint: `Wait until it has ended, or cancel it: labctl cancel ${name}`,
    });
  }
  if (old.cloud !== now.cloud || old.environment !== now.environment) {
    throw new LabError(
      'illegal-transition',
      `${old.name} is in cloud ${old.cloud}, environment ${old.environment}; ${now.name} is in cloud ${now.cloud}, environment ${now.environment}`,
      { hint: `Move one of them first: labctl edit server ${now.name}` },
    );
  }
  if (from.hasInstalls) {
    throw new LabError('in-use', `${now.name} has installs of its own, which would be lost`, {
      hint: `Let it adopt the other way round (labctl adopt ${now.name} ${old.name}), or forget it.`,
    });
  }
  if (from.cluster !== null) {
    throw new LabError('in-use', `server/${now.name} is a member of cluster/${from.cluster}`, {
      hint: 'Take it out of the cluster first.',
      details: { dependents: [`cluster/${from.cluster}`] },
    });
  }
  if (old.lastSeenAt >= now.createdAt && !force) {
    throw new LabError(
      'illegal-transition',
      `${old.name} was heard of at ${old.lastSeenAt.toISOString()}, after ${now.name} had appeared: they look like two machines`,
      { hint: 'If they are one all the same, say so with --force.' },
    );
  }
}

/** The server with the machine of the other. What people declared of its NICs stays; what is stated of both is stated anew. */
export function adopted(server: MachineRecord, from: MachineRecord): MachineRecord {
  return {
    ...server,
    version: server.version + 1,
    bastionId: from.bastionId,
    lastSeenAt: from.lastSeenAt > server.lastSeenAt ? from.lastSeenAt : server.lastSeenAt,
    conditions: server.conditions.filter(({ type }) => type !== 'IdentityConflict'),
    hardware: from.hardware,
    nics: joinedNics(server.nics, from.nics),
    disks: from.disks,
  };
}

function joinedNics(old: readonly RecordedNic[], now: readonly RecordedNic[]): RecordedNic[] {
  const before = new Map(old.map((nic) => [nic.mac, nic]));
  // A machine whose boot NIC was the server's own had none that it could call its own.
  const isBooting = now.some(({ boot }) => boot);
  const joined = now.map((nic): RecordedNic => {
    const known = before.get(nic.mac);
    const boot = isBooting ? nic.boot : (known?.boot ?? false);
    if (known?.declared !== true) return { ...nic, boot };
    const { network_id, network_declared, declared, settings } = known;
    return { ...nic, boot, network_id, network_declared, declared, settings };
  });
  const macs = new Set(joined.map(({ mac }) => mac));
  const missing = old.filter(({ declared, mac }) => declared && !macs.has(mac));
  return [...joined, ...missing.map((nic) => ({ ...nic, boot: false, reported: false }))];
}
