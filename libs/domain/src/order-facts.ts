import type { BootOrder } from './boot-order.js';
import type { ConditionType } from './conditions.js';
import type { DiskRule, KnownDisk } from './disk-rule.js';
import type { StageName } from './stages.js';

/** A profile as a bastion tells of it. What an older bastion doesn't tell is undefined. */
export interface OfferedProfile {
  name: string;
  arch?: string | undefined;
  minMemoryBytes?: number | undefined;
  /** Firmware that it can be installed under. */
  bootModes?: readonly string[] | undefined;
  /** What it puts first, unless the server says otherwise. */
  bootOrder?: BootOrder | undefined;
  /** Files of its install tree that aren't there. */
  missing?: readonly string[] | undefined;
}

export interface OfferedLayout {
  name: string;
  /** The smallest disk that holds it. */
  minDiskBytes: number;
}

export interface OfferedRole {
  name: string;
  /** The layout that it brings. */
  layout: string;
}

/** What a bastion can install, as it last said. Undefined: it is older than the question. */
export interface Offer {
  bastion: string;
  linked: boolean;
  profiles: readonly OfferedProfile[];
  layouts: readonly OfferedLayout[] | undefined;
  roles: readonly OfferedRole[] | undefined;
}

/** A machine as it last reported itself; null is what it didn't say. */
export interface KnownHardware {
  arch: string | null;
  bootMode: string | null;
  memoryBytes: number | null;
  disks: readonly KnownDisk[];
  lastSeenAt: Date | null;
}

export interface CheckedOrder {
  profile: string;
  role: string;
  /** By name; null is the role's own. */
  layout: string | null;
  /** What the server's record asks for; null: the profile's. */
  bootOrder: BootOrder | null;
  disk: DiskRule;
  allowErase: boolean;
}

export const ORDER_WARNINGS = [
  'BastionOffline',
  'InstallTreeIncomplete',
  'NotVerified',
  'HardwareUnknown',
  'HardwareOld',
  'TooLittleMemory',
  'BootModeMismatch',
  'BootOrderNotApplicable',
  'DiskMismatch',
  'DiskTooSmall',
  'DiskHoldsData',
] as const;

/** What an order will meet unless something changes until the machine boots. */
export interface OrderWarning {
  type: (typeof ORDER_WARNINGS)[number];
  /** The stage in which the install will stop or wait; null: that can't be said. */
  stage: StageName | null;
  /** The condition that the server has then. */
  condition: ConditionType | null;
  message: string;
  hint: string | null;
}

/** What an order comes to. */
export interface OrderVerdict {
  warnings: OrderWarning[];
  /** The one disk that it will be installed on, as far as that is known. */
  disk: KnownDisk | undefined;
  /** Whether data on that disk will be destroyed. */
  erases: boolean;
  /** The name of the layout that will be used; null: only the bastion knows. */
  layout: string | null;
}
