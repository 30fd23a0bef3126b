import { diskMismatch, matchingDisks, type KnownDisk } from './disk-rule.js';
import { LabError } from './lab-error.js';
import { printable } from './mac-address.js';
import type {
  CheckedOrder,
  KnownHardware,
  Offer,
  OfferedLayout,
  OfferedProfile,
  OrderVerdict,
  OrderWarning,
} from './order-facts.js';

/** Hardware that was reported longer ago than this may be other hardware by now. */
const OLD_AFTER_MS = 7 * 24 * 3_600_000;
/** What a name of a layout may look like, where the bastion didn't tell which it has. */
const LAYOUT_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * What is known of an order when it is given. Raises `invalid` for what can't work: a name that isn't there, another architecture,
 * files that a boot needs and the bastion lacks. What may change until the machine boots (the hardware) is a warning with the stage or condition that it will meet. Pure.
 */
export function checkOrder(
  order: CheckedOrder,
  offer: Offer,
  hardware: KnownHardware,
  now: Date,
): OrderVerdict {
  const profile = profileOf(order, offer);
  const layout = layoutOf(order, offer);
  refuseOtherArch(profile, hardware);
  refuseIncomplete(profile, offer);
  const [only, ...others] = matchingDisks(order.disk, hardware.disks);
  const disk = others.length === 0 ? only : undefined;
  const found = [
    offline(offer),
    incomplete(profile, offer),
    unverified(order, offer),
    age(hardware, now),
    memory(profile, hardware),
    bootMode(profile, hardware),
    bootOrder(order, profile, hardware),
    mismatch(order, hardware),
    ...(disk === undefined ? [] : [tooSmall(disk, layout), holdsData(disk, order)]),
  ];
  return {
    warnings: found.filter((warning) => warning !== undefined),
    disk,
    erases: disk !== undefined && order.allowErase && disk.hasData !== false,
    layout: layout?.name ?? order.layout,
  };
}

function profileOf({ profile }: CheckedOrder, { bastion, profiles }: Offer): OfferedProfile {
  const found = profiles.find(({ name }) => name === profile);
  if (found !== undefined) return found;
  const known = profiles.map(({ name }) => name);
  throw new LabError('invalid', `Bastion ${bastion} has no profile "${printable(profile)}"`, {
    hint: known.length === 0 ? 'It has none yet: is it connected?' : `Use one of ${known.join(', ')}.`,
    errors: [{ path: 'profile', message: `must be one of ${known.join(', ')}` }],
    details: { profiles: known },
  });
}

function layoutOf(
  { layout, role }: CheckedOrder,
  { bastion, layouts, roles }: Offer,
): OfferedLayout | undefined {
  const offered = roles?.find(({ name }) => name === role);
  if (roles !== undefined && offered === undefined) {
    const known = roles.map(({ name }) => name).join(', ');
    throw new LabError('invalid', `Bastion ${bastion} has no role "${printable(role)}"`, {
      hint: `Use one of ${known}.`,
      errors: [{ path: 'role', message: `must be one of ${known}` }],
    });
  }
  const wanted = layout ?? offered?.layout;
  if (wanted === undefined) return undefined;
  if (layouts === undefined) {
    if (LAYOUT_NAME.test(wanted)) return undefined;
    throw noLayout(wanted, 'that is not the name of one', 'Use lower-case letters, digits and dashes.');
  }
  const found = layouts.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const known = layouts.map(({ name }) => name).join(', ');
  throw noLayout(
    wanted,
    `bastion ${bastion} has none of that name`,
    `Use one of ${known}, or none: the role brings its own.`,
  );
}

const noLayout = (layout: string, why: string, hint: string): LabError =>
  new LabError('invalid', `There is no disk layout "${printable(layout)}": ${why}`, {
    hint,
    errors: [{ path: 'layout', message: 'is not a layout of the bastion' }],
  });

/** Names of one architecture by different programs: `uname -m`, Debian, Go. */
const ARCH_NAMES: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  'x86-64': 'x86_64',
  arm64: 'aarch64',
};
const archOf = (name: string): string => ARCH_NAMES[name.toLowerCase()] ?? name.toLowerCase();

function refuseOtherArch({ name, arch }: OfferedProfile, hardware: KnownHardware): void {
  if (arch === undefined || hardware.arch === null || archOf(arch) === archOf(hardware.arch)) return;
  throw new LabError('invalid', `${name} is for ${arch}, and the machine is ${printable(hardware.arch)}`, {
    hint: `Choose a profile for ${printable(hardware.arch)}.`,
    errors: [{ path: 'profile', message: `must be one for ${printable(hardware.arch)}` }],
  });
}

function offline({ bastion, linked }: Offer): OrderWarning | undefined {
  if (linked) return undefined;
  return {
    type: 'BastionOffline',
    stage: null,
    condition: 'LinkLost',
    message: `Bastion ${bastion} is not connected: it learns of the order when it is again, and what it has may be other than it last said.`,
    hint: `Look at it with: labctl describe bastion ${bastion}`,
  };
}

/** The bastion looks every few seconds: what it lacks now, a machine that boots in a minute doesn't get. */
function refuseIncomplete({ name, missing = [] }: OfferedProfile, { bastion, linked }: Offer): void {
  if (missing.length === 0 || !linked) return;
  throw new LabError('invalid', lacking(name, bastion, missing), {
    hint: bringThem(name, bastion),
    errors: [{ path: 'profile', message: 'has no complete install tree on the bastion' }],
    details: { missing },
  });
}

const lacking = (name: string, bastion: string, missing: readonly string[]): string =>
  `Bastion ${bastion} has no complete install tree of ${name}: ${missing.map(printable).join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there`;

const bringThem = (name: string, bastion: string): string =>
  `Bring them, on the machine of bastion ${bastion}, with: labctl bastion assets pull ${name}`;

/** A bastion that is away may have the files by the time it is back. */
function incomplete(
  { name, missing = [] }: OfferedProfile,
  { bastion, linked }: Offer,
): OrderWarning | undefined {
  if (missing.length === 0 || linked) return undefined;
  return {
    type: 'InstallTreeIncomplete',
    stage: 'boot',
    condition: 'Stuck',
    message: `${lacking(name, bastion, missing)}, as it last said. The machine will not get beyond its boot.`,
    hint: bringThem(name, bastion),
  };
}

function unverified({ layout }: CheckedOrder, { bastion, layouts }: Offer): OrderWarning | undefined {
  if (layout === null || layouts !== undefined) return undefined;
  return {
    type: 'NotVerified',
    stage: 'kickstart',
    condition: null,
    message: `Bastion ${bastion} hasn't told which disk layouts it has: whether there is a "${layout}", its kickstart will show.`,
    hint: 'Update the bastion, or leave --layout away.',
  };
}

function age({ lastSeenAt, disks }: KnownHardware, now: Date): OrderWarning | undefined {
  if (lastSeenAt === null || disks.length === 0) {
    return {
      type: 'HardwareUnknown',
      stage: 'disk',
      condition: null,
      message:
        'The machine has not reported its disks: which one will be installed on, it decides itself by the rule.',
      hint: 'Boot it over the network, so that it is discovered, or name its disk by serial number.',
    };
  }
  if (now.getTime() - lastSeenAt.getTime() <= OLD_AFTER_MS) return undefined;
  const days = Math.floor((now.getTime() - lastSeenAt.getTime()) / (24 * 3_600_000));
  return {
    type: 'HardwareOld',
    stage: null,
    condition: null,
    message: `The machine was last seen ${days} days ago: its hardware may be other than is known here.`,
    hint: null,
  };
}

function memory(
  { name, minMemoryBytes = 0 }: OfferedProfile,
  hardware: KnownHardware,
): OrderWarning | undefined {
  const { memoryBytes } = hardware;
  if (memoryBytes === null || memoryBytes >= minMemoryBytes) return undefined;
  return {
    type: 'TooLittleMemory',
    stage: 'hardware',
    condition: null,
    message: `The machine has ${memoryBytes} bytes of memory, and ${name} needs ${minMemoryBytes}: the install will stop before anything is erased.`,
    hint: 'Add memory, or choose another profile.',
  };
}

function bootMode({ name, bootModes }: OfferedProfile, hardware: KnownHardware): OrderWarning | undefined {
  const { bootMode: mode } = hardware;
  if (mode === null || bootModes === undefined || bootModes.includes(mode)) return undefined;
  return {
    type: 'BootModeMismatch',
    stage: 'boot',
    condition: null,
    message: `The machine last booted in ${mode.toUpperCase()} mode, and ${name} is for ${bootModes.join(', ').toUpperCase()}.`,
    hint: 'Change the boot mode in the firmware of the machine.',
  };
}

function bootOrder(
  { bootOrder: asked }: CheckedOrder,
  profile: OfferedProfile,
  { bootMode: mode }: KnownHardware,
): OrderWarning | undefined {
  if (asked === null) return undefined;
  const common = { type: 'BootOrderNotApplicable', stage: 'boot-order', condition: null } as const;
  if (mode === 'bios')
    return {
      ...common,
      message: `The server asks for ${asked}, and the machine last booted in BIOS mode, where only the firmware's setup decides that.`,
      hint: "Set it in the machine's setup, or take bootOrder out of the server's record.",
    };
  if (profile.bootOrder !== undefined || asked === 'network-first') return undefined;
  return {
    ...common,
    message: `The server asks for ${asked}, which its bastion is too old for: it will put the network first.`,
    hint: 'Update the bastion.',
  };
}

function mismatch({ disk }: CheckedOrder, { disks }: KnownHardware): OrderWarning | undefined {
  const found = diskMismatch(disk, disks);
  if (found === undefined) return undefined;
  return {
    type: 'DiskMismatch',
    stage: 'disk',
    condition: 'DiskMismatch',
    message: found.message,
    hint: 'See its disks with: labctl describe server',
  };
}

function tooSmall(disk: KnownDisk, layout: OfferedLayout | undefined): OrderWarning | undefined {
  if (layout === undefined || disk.sizeBytes >= layout.minDiskBytes) return undefined;
  return {
    type: 'DiskTooSmall',
    stage: 'disk',
    condition: null,
    message: `The disk ${inWords(disk)} has ${disk.sizeBytes} bytes, and the layout "${layout.name}" needs ${layout.minDiskBytes}: the install will stop before anything is erased.`,
    hint: 'Choose a smaller layout with --layout, or another disk.',
  };
}

function holdsData(disk: KnownDisk, { allowErase }: CheckedOrder): OrderWarning | undefined {
  if (disk.hasData !== true || allowErase) return undefined;
  return {
    type: 'DiskHoldsData',
    stage: 'disk',
    condition: null,
    message: `The disk ${inWords(disk)} holds data, and the order doesn't allow to erase it: the install will stop before anything is erased.`,
    hint: 'If that data may go, cancel the order and give it again with --erase.',
  };
}

const inWords = ({ name, serial }: KnownDisk): string =>
  serial === null ? printable(name) : `${printable(name)} (serial ${printable(serial)})`;
