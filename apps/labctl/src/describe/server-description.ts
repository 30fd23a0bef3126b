import type { Disk, Install, NamedRef, Netboot, Nic, Server } from '@lab/cli-kit';
import { NONE, bytesText, momentAge, oneLine } from '@lab/cli-kit';
import { lunPaths } from '@lab/domain';
import { bootOrderLines } from './boot-order-lines.js';
import { conditionsSection, field, pairs, tableSection } from './description.js';
import { installDescription } from './install-description.js';
import { netbootDescription } from './netboot-description.js';

/** All that `describe server` prints; `now` in milliseconds. `install` is the newest one with its stages. */
export function serverDescription(
  server: Server,
  install: Install | undefined,
  netboot: Netboot,
  now: number,
): string {
  const { metadata, spec, status } = server;
  const lines = [
    field('Name', metadata.name),
    field('ID', metadata.id),
    field('Labels', pairs(metadata.labels)),
    field('Annotations', pairs(metadata.annotations)),
    field('Phase', status.phase),
    field('Role', spec.role),
    field('OS', status.os),
    field('MAC', status.mac),
    field('Address', status.address),
    field('Cloud', spec.cloud),
    field('Environment', spec.environment),
    field('Cluster', status.cluster === null ? null : `${status.cluster.name} (${status.cluster.role})`),
    field('Bastion', nameOf(status.bastion)),
    field('Last seen', status.lastSeenAt === null ? null : `${momentAge(status.lastSeenAt, now)} ago`),
    field('Created', `${metadata.createdAt} (${momentAge(metadata.createdAt, now)} ago)`),
    ...conditionsSection(status.conditions, now),
    ...hardware(server),
    ...nics(status.nics),
    ...disks(status.disks),
    ...system(server),
    ...netbootDescription(netboot, now),
    ...installDescription(status.install, install, now),
    ...next(server),
  ];
  return `${lines.join('\n')}\n`;
}

const nameOf = (ref: NamedRef | null): string | null => ref?.name ?? null;
const flag = (value: boolean | null, yes: string, no: string): string =>
  value === null ? '<unknown>' : value ? yes : no;

function hardware({ spec, status }: Server): string[] {
  const { arch, cpuModel, cpuCores, memoryBytes, manufacturer, model, serial, smbiosUuid, bootMode } =
    status.hardware;
  const machine = [manufacturer, model].filter((part) => part !== null && part !== '').join(' ');
  const cores = cpuCores === null ? '' : ` (${cpuCores} ${cpuCores === 1 ? 'core' : 'cores'})`;
  return [
    'Hardware:',
    field('Machine', machine, 2),
    field('Serial', serial, 2),
    field('UUID', smbiosUuid, 2),
    field('CPU', cpuModel === null && cpuCores === null ? null : `${cpuModel ?? '<unknown>'}${cores}`, 2),
    field('Arch', arch, 2),
    field('Memory', memoryBytes === null ? null : bytesText(memoryBytes), 2),
    field('Boot mode', bootMode, 2),
    ...bootOrderLines(spec.bootOrder ?? null, bootMode, status.bootOrder),
  ];
}

function nics(list: readonly Nic[]): string[] {
  return tableSection(
    'NICs',
    ['NAME', 'MAC', 'LINK', 'SPEED', 'DRIVER', 'ADDRESSES', 'NETWORK'],
    list.map((nic) => [
      nic.boot ? `${nic.name}*` : nic.name,
      nic.mac,
      flag(nic.linkUp, 'up', 'down'),
      nic.speedMbps === null ? NONE : `${nic.speedMbps}M`,
      nic.driver ?? NONE,
      nic.addresses.length === 0 ? NONE : nic.addresses.join(','),
      nic.network ?? NONE,
    ]),
  ).concat(list.some((nic) => nic.boot) ? ['  * the machine booted from this one'] : []);
}

function disks(list: readonly Disk[]): string[] {
  return tableSection(
    'Disks',
    ['NAME', 'SIZE', 'KIND', 'SERIAL', 'DATA', 'MODEL'],
    list.map((disk) => [
      disk.name,
      bytesText(disk.sizeBytes),
      [disk.transport, disk.rotational === true ? 'hdd' : null, disk.removable === true ? 'removable' : null]
        .filter((part) => part !== null)
        .join(','),
      disk.serial ?? NONE,
      flag(disk.hasData, 'yes', 'no'),
      disk.model ?? NONE,
    ]),
  ).concat(
    [...lunPaths(list)].map(
      ([wwn, paths]) =>
        `  ${paths.map(({ name }) => oneLine(name)).join(', ')}: paths of one LUN, ${oneLine(wwn)}`,
    ),
  );
}

function system({ status }: Server): string[] {
  if (status.system === null) return [field('System', null)];
  const { osName, kernelVersion, hostname, addresses, hostKeys } = status.system;
  return [
    'System:',
    field('OS', osName, 2),
    field('Kernel', kernelVersion, 2),
    field('Host name', hostname, 2),
    field('Addresses', addresses.join(', '), 2),
    ...hostKeys.map((key, index) => field(index === 0 ? 'Host keys' : '', key, 2).replace(/^ {2}: /, '    ')),
  ];
}

/** The command that labd offers for a machine whose board or NIC was replaced. */
const ADOPTION = /labctl adopt [a-z0-9][a-z0-9.-]* [a-z0-9][a-z0-9.-]*$/;

/** The commands that help from here. */
function next({ metadata, status: { phase, install, conditions: stated } }: Server): string[] {
  const server = oneLine(metadata.name);
  const attempt = install === null ? '' : ` --install ${install.attempt}`;
  const commands: Readonly<Record<string, readonly string[]>> = {
    discovered: [`labctl provision ${server} --os PROFILE --role ROLE`],
    provisioning: [`labctl logs ${server} -f`],
    failed: [`labctl logs ${server}${attempt}`, `labctl reprovision ${server}`],
  };
  // Which of two records is a machine comes first: what is installed waits for it.
  const joining = stated
    .filter(({ type }) => type === 'IdentityConflict')
    .flatMap(({ message }) => ADOPTION.exec(message) ?? [])
    .map((command) => `${command} --dry-run`);
  const helpful = [...joining, ...(commands[phase] ?? [])];
  return helpful.map((command, index) => field(index === 0 ? 'Next' : '', command).replace(/^: /, '  '));
}
