import {
  INSTALL_CONDITIONS,
  INSTALL_CONTESTED,
  LabError,
  STAGE_NAMES,
  checkOrder,
  diskMismatch,
  isAllowed,
  isResourceName,
  printable,
  transition,
  type InstallState,
  type KnownDisk,
  type LifecycleState,
  type NicSettings,
  type ServerPhase,
  type ServerRole,
  type BootOrder,
} from '@lab/domain';
import {
  Prisma,
  type Bastion,
  type Install,
  type Server,
  type TransactionClient,
  type TransactionOptions,
} from '@lab/database';
import type { InstallSetup } from '@lab/protocol';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.repository.js';
import type { Caller } from '../auth/caller.js';
import { offerOf } from '../bastions/offer.js';
import { IdentitySettler } from '../servers/identity-settler.js';
import { MachinesRepository } from '../servers/machines.repository.js';
import type { ConditionDto } from '../servers/server.dto.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import { nameTaken, noSuchServer, staleServer } from '../servers/servers.errors.js';
import { setupFrom } from './install-parameters.js';
import type { OrderPlanDto, OrderWarningDto } from './order.dto.js';
import { hardwareOf, planOf } from './order-plan.js';
import type { DiskRuleDto } from './provision.dto.js';
import { illegalTransition, noBastion } from './provisioning.errors.js';

/** In `layout`: the disk layout that the role brings. */
export const LAYOUT_OF_ROLE = 'role-default';

/**
 * For transactions that begin with `InstallQueue.load`: all that they decide by is in the server's row, which is locked, or
 * kept by a unique index. Under serializable, installs of one bastion that are queued at once would collide at its row.
 */
export const UNDER_THE_SERVERS_LOCK: TransactionOptions = { isolation: 'read-committed' };

/** A server with what its life cycle needs. */
export interface ServerState {
  server: Server & { bastion: Bastion | null };
  /** The newest install. */
  install: Install | null;
  position: LifecycleState;
}

/** Everything that an install is told. */
export interface InstallOrder {
  profile: string;
  role: ServerRole;
  hostname: string;
  disk: DiskRuleDto;
  allowErase: boolean;
  layout: string;
  /** Of root. */
  sshKeys: readonly string[];
}

/** What the install gets beside its order, as settings and record stand now. */
async function setupFor(
  tx: TransactionClient,
  { id, cloud, environment, wantedBootOrder }: Server,
): Promise<InstallSetup> {
  const settings = await tx.installSettings.findUnique({
    where: { cloud_environment: { cloud, environment } },
    select: { sshKeys: true, users: true, caCertificates: true },
  });
  const nics = await tx.serverNic.findMany({
    where: { serverId: id, settings: { not: Prisma.DbNull } },
    select: { mac: true, settings: true, network: { select: { cidr: true, gateway: true } } },
    orderBy: [{ name: 'asc' }, { mac: 'asc' }],
  });
  // Written by `DeclaredNics` only.
  return setupFrom(
    settings,
    nics.map((nic) => ({ ...nic, settings: nic.settings as NicSettings })),
    wantedBootOrder,
  );
}

/** What is wrong with the server as far as the order lets know: the disk that it names isn't the one that was seen. */
function conditionsFor(
  server: Server,
  order: InstallOrder,
  disks: readonly KnownDisk[],
  now: Date,
): Prisma.InputJsonArray {
  // Written by labd only, in this form.
  const lasting = (server.conditions as unknown as ConditionDto[]).filter(
    ({ type }) => !INSTALL_CONDITIONS.includes(type) && type !== INSTALL_CONTESTED,
  );
  const mismatch = diskMismatch(order.disk, disks);
  const since = now.toISOString();
  return [
    ...lasting.map((condition) => ({ ...condition })),
    ...(mismatch === undefined ? [] : [{ type: 'DiskMismatch', status: 'True', since, ...mismatch }]),
  ];
}

/** An order that was accepted: what it will meet, and what it comes to. */
export interface AcceptedOrder {
  warnings: OrderWarningDto[];
  plan: OrderPlanDto;
}

/** Queues installs: the part that provision and reprovision share. */
@Injectable()
export class InstallQueue {
  constructor(
    private readonly audit: AuditTrail,
    private readonly changes: ServerChanges,
    private readonly machines: MachinesRepository,
    private readonly settler: IdentitySettler,
  ) {}

  async load(tx: TransactionClient, serverId: string, reference: string): Promise<ServerState> {
    // Whoever comes second waits here, rather than losing at the first unique index.
    await tx.$queryRaw`SELECT id FROM servers WHERE id = ${serverId}::UUID FOR UPDATE`;
    const server = await tx.server.findUnique({ where: { id: serverId }, include: { bastion: true } });
    if (server === null) throw noSuchServer(reference);
    const install =
      server.currentInstallId === null
        ? null
        : await tx.install.findUnique({ where: { id: server.currentInstallId } });
    // The CHECK constraints of both columns hold exactly these values.
    const position = {
      phase: server.phase as ServerPhase,
      install: (install?.state ?? null) as InstallState | null,
    };
    return { server, install, position };
  }

  async queue(
    tx: TransactionClient,
    state: ServerState,
    event: 'provision' | 'reprovision',
    order: InstallOrder,
    caller: Caller,
    now: Date,
  ): Promise<AcceptedOrder> {
    const { server, position } = state;
    const move = transition(position, event);
    if (!move.accepted) throw illegalTransition(server.name, move);
    const { bastion } = server;
    if (bastion === null) throw noBastion(server.name);
    const offer = offerOf(bastion, now);
    const reported = await tx.serverDisk.findMany({
      where: { serverId: server.id },
      orderBy: { name: 'asc' },
    });
    const lastOnDisk = await tx.install.findFirst({
      where: { serverId: server.id, diskTouchedAt: { not: null } },
      orderBy: { attempt: 'desc' },
    });
    const hardware = hardwareOf(server, reported, lastOnDisk);
    const layout = order.layout === LAYOUT_OF_ROLE ? null : order.layout;
    // The CHECK constraint of the column holds exactly these values.
    const bootOrder = server.wantedBootOrder as BootOrder | null;
    const verdict = checkOrder({ ...order, layout, bootOrder }, offer, hardware, now);
    await this.#checkName(tx, server, order.hostname, caller);
    const setup = await setupFor(tx, server);

    const attempt = (state.install?.attempt ?? 0) + 1;
    const install = await tx.install.create({
      data: {
        serverId: server.id,
        attempt,
        state: move.install ?? 'queued',
        phaseBefore: server.phase,
        profile: order.profile,
        role: order.role,
        hostname: order.hostname,
        diskRule: { ...order.disk } satisfies Prisma.InputJsonObject,
        allowErase: order.allowErase,
        layout: order.layout,
        parameters: { sshKeys: [...order.sshKeys], setup } satisfies Prisma.InputJsonObject,
        warnings: verdict.warnings.map((warning) => ({ ...warning })) satisfies Prisma.InputJsonArray,
        requestedBy: caller.username,
        bastionId: bastion.id,
        queuedAt: now,
      },
    });
    await tx.installStage.createMany({
      data: STAGE_NAMES.map((name, position) => ({ installId: install.id, name, position })),
    });
    const written = await tx.server.updateMany({
      where: { id: server.id, version: server.version },
      data: {
        phase: move.phase ?? server.phase,
        name: order.hostname,
        role: order.role,
        currentInstallId: install.id,
        confirmedAt: server.confirmedAt ?? now,
        conditions: conditionsFor(server, order, hardware.disks, now),
        version: server.version + 1,
      },
    });
    if (written.count !== 1) throw staleServer(server.name);
    await this.audit.record(tx, [
      {
        at: now,
        actor: `user:${caller.username}`,
        action: event,
        kind: 'Server',
        resourceId: server.id,
        resourceName: order.hostname,
        cloud: server.cloud,
        environment: server.environment,
        before: { name: server.name, phase: server.phase, role: server.role, version: server.version },
        after: {
          name: order.hostname,
          phase: move.phase,
          role: order.role,
          version: server.version + 1,
          install: {
            id: install.id,
            attempt,
            ...order,
            disk: { ...order.disk },
            sshKeys: [...order.sshKeys],
            setup,
          },
        },
        requestId: caller.requestId,
        source: caller.address,
      },
    ]);
    // What is stated of others names it, too.
    const renamed = order.hostname === server.name ? [] : await this.machines.byIds(tx, [server.id]);
    const restated = renamed.length === 0 ? [] : await this.settler.settle(tx, renamed, now);
    const changed = [...new Set([server.id, ...restated])];
    await this.changes.record(
      tx,
      changed.map((id) => ({ type: 'modified', id })),
      now,
    );
    const plan = planOf(event, order, verdict, {
      server,
      install: lastOnDisk,
      offer,
      disks: hardware.disks,
    });
    return { warnings: verdict.warnings, plan };
  }

  /** The host name becomes the server's name: it has to be free, and within what the caller may change. */
  async #checkName(tx: TransactionClient, server: Server, name: string, caller: Caller): Promise<void> {
    if (name === server.name) return;
    if (!isResourceName(name)) {
      throw new LabError('invalid', `hostname: "${printable(name)}" can't be a server's name`, {
        hint: 'Use lower-case letters, digits and dashes, at most 63 a label (RFC 1123), that are no MAC address or ID.',
        errors: [{ path: 'hostname', message: 'must be an RFC 1123 host name that is no MAC address or ID' }],
      });
    }
    const { cloud, environment } = server;
    if (!isAllowed(caller.grants, { action: 'apply', cloud, environment, server: name })) {
      throw new LabError('not-allowed', `You may not name a server ${name}`, {
        hint: 'Ask an administrator for a role with that permission.',
        details: { needed: `apply:${cloud}:${environment}:${name}` },
      });
    }
    if ((await tx.server.count({ where: { name } })) > 0) throw nameTaken(name);
  }
}
