import {
  type KnownDisk,
  type KnownHardware,
  type Offer,
  type OrderVerdict,
  type OrderWarning,
} from '@lab/domain';
import type { Bastion, Install, Server, ServerDisk } from '@lab/database';
import { isLinked } from '../bastions/offer.js';
import type { OrderPlanDto, TargetDiskDto } from './order.dto.js';

/** What the install before has left on the disk of a server, in words; undefined: nothing that is known. */
export function leftBy(server: Pick<Server, 'osName'>, install: Install | null): string | undefined {
  if (install === null || install.diskTouchedAt === null) return undefined;
  const of = `of install ${install.attempt}`;
  if (install.state !== 'succeeded') return `what is left ${of} (${install.profile}, ${install.state})`;
  return server.osName === null
    ? `${install.profile}, ${of}`
    : `${server.osName} (${install.profile}), ${of}`;
}

/** A machine as it last reported itself; what an install has put on its disk since, it can't have reported. */
export function hardwareOf(
  server: Server,
  disks: readonly ServerDisk[],
  install: Install | null,
): KnownHardware & { disks: readonly ReportedDisk[] } {
  const left = leftBy(server, install);
  return {
    arch: server.arch,
    bootMode: server.bootMode,
    memoryBytes: server.memoryBytes === null ? null : Number(server.memoryBytes),
    disks: disks.map(({ sizeBytes, hasData, ...disk }) => ({
      ...disk,
      sizeBytes: Number(sizeBytes),
      hasData: left === undefined ? hasData : true,
    })),
    lastSeenAt: server.lastSeenAt,
  };
}

type ReportedDisk = KnownDisk & Pick<ServerDisk, 'model'>;

/** What a checked order comes to. */
export function planOf(
  action: 'provision' | 'reprovision',
  order: { allowErase: boolean },
  verdict: OrderVerdict,
  known: { server: Server; install: Install | null; offer: Offer; disks: readonly ReportedDisk[] },
): OrderPlanDto {
  const { disk, erases, layout, warnings } = verdict;
  const { server, install, offer, disks } = known;
  const reported = disks.find(({ name }) => name === disk?.name);
  return {
    action,
    bastion: { name: offer.bastion, link: offer.linked ? 'up' : 'down' },
    layout,
    disk: reported === undefined ? null : targetOf(reported, leftBy(server, install)),
    erases,
    why: reasonFor(action, order, disk, warnings),
  };
}

function targetOf(disk: ReportedDisk, left: string | undefined): TargetDiskDto {
  const { name, sizeBytes, model, serial, wwn, byId } = disk;
  const known = disk.hasData === null ? 'unknown' : disk.hasData === true ? 'data' : 'nothing';
  return { path: `/dev/${name}`, sizeBytes, model, serial, wwn, byId, holds: left ?? known };
}

function reasonFor(
  action: 'provision' | 'reprovision',
  { allowErase }: { allowErase: boolean },
  disk: KnownDisk | undefined,
  warnings: readonly OrderWarning[],
): string {
  const rule = warnings.some(({ type }) => type === 'DiskMismatch')
    ? 'The disk rule finds no one disk: the install stops before anything is erased, unless the disks have changed.'
    : 'The machine chooses its disk by the rule.';
  const allowed =
    action === 'reprovision' ? 'A reprovision erases the disk.' : 'The order allows to erase the disk.';
  if (disk === undefined)
    return allowErase ? `${rule} ${allowed}` : `${rule} If that disk holds data, the install stops.`;
  if (allowErase)
    return disk.hasData === false ? `${allowed} It was blank when it was last reported.` : allowed;
  if (disk.hasData === true)
    return 'The disk holds data, and the order doesn’t allow to erase it: the install stops there.';
  if (disk.hasData === false)
    return 'The disk was blank when it was last reported; if it holds data by then, the install stops.';
  return 'Whether the disk holds data is not known; if it does, the install stops.';
}

/** What a cancel or a forget comes to: no disk is erased by it. */
export const harmlessPlan = (
  action: 'cancel' | 'forget',
  bastion: Bastion | null,
  why: string,
  now: Date,
): OrderPlanDto => ({
  action,
  bastion:
    bastion === null
      ? null
      : {
          name: bastion.name,
          link: isLinked(bastion.linkState, bastion.lastSeenAt, now.getTime()) ? 'up' : 'down',
        },
  layout: null,
  disk: null,
  erases: false,
  why,
});
