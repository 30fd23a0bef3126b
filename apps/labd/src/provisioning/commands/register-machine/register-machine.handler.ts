import { randomUUID } from 'node:crypto';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AuditTrail, type AuditEntry } from '../../../audit/audit-trail.repository.js';
import type { MachineRecord } from '../../../servers/machine-record.js';
import { registerMachines } from '../../../servers/machine-registry.js';
import { MachinesRepository } from '../../../servers/machines.repository.js';
import { NetworkMembership } from '../../../servers/network-membership.repository.js';
import { RegisterMachine, type Registered } from './register-machine.command.js';

@CommandHandler(RegisterMachine)
export class RegisterMachineHandler implements ICommandHandler<RegisterMachine> {
  constructor(
    private readonly repository: MachinesRepository,
    private readonly membership: NetworkMembership,
    private readonly audit: AuditTrail,
  ) {}

  async execute({ tx, bastion, machines, now }: RegisterMachine): Promise<Registered> {
    const known = await this.repository.findSimilar(tx, machines);
    const taken = await this.repository.takenNames(tx, machines);
    const { added, changed, touched, releasedFrom, refused } = registerMachines(
      known,
      taken,
      machines,
      bastion,
      now,
      randomUUID,
    );
    // Changed ones first: they may give up the MAC address that a new one boots from.
    await this.repository.update(
      tx,
      changed.map(({ after }) => after),
      now,
    );
    await this.repository.insert(tx, added, now);
    await this.repository.touch(tx, touched);
    await this.membership.settleServers(
      tx,
      [...added, ...changed.map(({ after }) => after)].map(({ id }) => id),
    );

    const entry = (action: string, record: MachineRecord): AuditEntry => ({
      at: now,
      actor: `bastion:${bastion.name}`,
      action,
      kind: 'Server',
      resourceId: record.id,
      resourceName: record.name,
      cloud: record.cloud,
      environment: record.environment,
      source: 'link',
    });
    await this.audit.record(tx, [
      ...added.map((record) => ({ ...entry('create', record), after: summaryOf(record) })),
      ...changed.map(({ before, after }) => ({
        ...entry('update', after),
        before: summaryOf(before),
        after: summaryOf(after),
      })),
      ...refused.map(({ server, machine, reason }) => ({
        ...entry('refuse', server),
        after: {
          reason,
          mac: machine.bootMac,
          uuid: machine.uuid,
          serial: machine.serial,
          bastion: bastion.id,
        },
      })),
    ]);
    return {
      changes: [
        ...added.map(({ id }) => ({ type: 'added' as const, id })),
        ...changed.map(({ after }) => ({ type: 'modified' as const, id: after.id })),
      ],
      releasedFrom,
      bastionIds: [
        ...new Set(
          [...added, ...changed.map(({ after }) => after)].flatMap(({ bastionId }) => bastionId ?? []),
        ),
      ],
    };
  }
}

const summaryOf = ({ version, bastionId, conditions, hardware, nics, disks }: MachineRecord) => ({
  version,
  bastionId,
  conditions,
  hardware,
  macs: nics.map((nic) => nic.mac),
  disks: disks.map(({ name, serial, size_bytes: sizeBytes }) => ({ name, serial, sizeBytes })),
});
