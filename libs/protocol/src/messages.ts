import {
  BOOT_ORDERS,
  BOOT_ORDER_OUTCOMES,
  MAX_BOOT_ENTRIES,
  STAGE_NAMES,
  isHostname,
  isProfileName,
} from '@lab/domain';
import { z } from 'zod';
import { count, id, macAddress, text } from './fields.js';
import { leases, netboot, networks } from './networks.js';
import { plan } from './plan.js';

/** The protocol version that this code speaks. A hello names a range, the welcome picks one. */
export const PROTOCOL_VERSION = 1;
/** A frame over this many bytes is refused by both ends (WebSocket close 1009). */
export const MAX_FRAME_BYTES = 1024 * 1024;
/**
 * Facts of a stream that may be on the wire without an ack. Reports of progress are small, and labd commits what has
 * gathered while it committed what came before; batches of lines are large.
 */
export const WINDOWS = { facts: 512, logs: 64 } as const;
export const MAX_MACHINES_PER_SYNC = 200;
export const MAX_LINES_PER_BATCH = 1000;
export const MAX_HEARD = 1000;
export const MAX_CONTESTED = 500;
/** A log line is cut to this many UTF-16 units by the bastion before it is kept. */
export const MAX_LINE_LENGTH = 8192;

const timestamp = z.iso.datetime({ offset: true });

export const streamName = z.enum(['facts', 'logs']);
/** `facts`: machines and progress. `logs`: log lines. Two streams, so that a flood of lines never delays progress. */
export type StreamName = z.infer<typeof streamName>;

/** How far a stream is committed: `seq` 0 is nothing of this epoch yet. */
const streamPosition = z.object({ epoch: id, seq: count });
export type StreamPosition = z.infer<typeof streamPosition>;

const profile = z.object({
  name: z.string().refine(isProfileName, 'must be a profile name'),
  title: text(128),
  os: text(64),
  version: text(64),
  arch: text(32),
  minMemoryBytes: count.optional(),
  bootModes: z
    .array(z.enum(['uefi', 'bios']))
    .max(2)
    .optional(),
  /** What it puts first in the firmware's order. Not said by a bastion that is older than the choice. */
  bootOrder: z.enum(BOOT_ORDERS).optional().catch(undefined),
  /** Files of its install tree that aren't there, as paths in the profile's asset folder. Not said: not looked for. */
  missing: z.array(text(512)).max(16).optional(),
});
/** A profile that the bastion can install. */
export type ProfileSummary = z.infer<typeof profile>;

const layout = z.object({ name: text(32), title: text(200), minDiskBytes: count });
/** A disk layout that the bastion has; `minDiskBytes` is the smallest disk that holds it. */
export type LayoutSummary = z.infer<typeof layout>;
const role = z.object({ name: text(32), layout: text(32) });
/** A role that the bastion can install, and the layout that it brings. */
export type RoleSummary = z.infer<typeof role>;

const inventory = z.object({
  profiles: z.array(profile).max(256),
  layouts: z.array(layout).max(256),
  roles: z.array(role).max(64),
});
/**
 * `bastion-inventory`: what the bastion can install has changed since its hello: a file of an install tree came or went.
 * labd checks orders by it. Not spooled: the next hello says it all.
 */
export type Inventory = z.infer<typeof inventory>;

const hello = z.object({
  name: z.string().refine(isHostname, 'must be a host name'),
  softwareVersion: text(64),
  protocol: z.object({ min: count, max: count }),
  epochs: z.object({ facts: id, logs: id }),
  profiles: z.array(profile).max(256),
  /** Not said by a bastion that is older than these two. */
  layouts: z.array(layout).max(256).optional(),
  roles: z.array(role).max(64).optional(),
  planGeneration: count,
  /** Base URL of the machines' side, e.g. `http://192.168.77.1:7071`. */
  url: z.url({ protocol: /^https?$/ }).max(256),
});
/** `bastion-hello`: who the bastion is and what it holds. First frame; labd answers `labd-welcome` or closes. */
export type Hello = z.infer<typeof hello>;

const welcome = z.object({
  bastionId: id,
  protocol: count,
  acked: z.object({ facts: streamPosition, logs: streamPosition }),
  /** Facts of each stream that may be unacked. */
  windows: z.object({ facts: count.min(1), logs: count.min(1) }),
});
/** `labd-welcome`: the session is established; the bastion sends from the acked seq + 1. A plan follows. */
export type Welcome = z.infer<typeof welcome>;

const nic = z.object({
  name: text(64),
  mac: macAddress,
  driver: text(64).nullable(),
  speedMbps: count.nullable(),
  linkUp: z.boolean().nullable(),
  addresses: z.array(text(64)).max(64),
});
const disk = z.object({
  name: text(64),
  sizeBytes: count,
  model: text(128).nullable(),
  serial: text(128).nullable(),
  wwn: text(128).nullable(),
  byId: text(256).nullable(),
  rotational: z.boolean().nullable(),
  removable: z.boolean(),
  transport: text(32).nullable(),
  hasData: z.boolean().nullable(),
});
const machine = z.object({
  /** The NIC that booted. */
  mac: macAddress,
  uuid: text(64).nullable(),
  serial: text(128).nullable(),
  manufacturer: text(128).nullable(),
  model: text(128).nullable(),
  bootMode: z.enum(['uefi', 'bios']).nullable(),
  arch: text(32).nullable(),
  cpuModel: text(256).nullable(),
  cpuCores: count.nullable(),
  memoryBytes: count.nullable(),
  nics: z.array(nic).max(64),
  disks: z.array(disk).max(256),
  seenAt: timestamp,
});
/** A machine as the bastion saw it. Sizes in bytes; what isn't known is null. */
export type Machine = z.infer<typeof machine>;
export type MachineNic = z.infer<typeof nic>;
export type MachineDisk = z.infer<typeof disk>;

const stateSync = z.object({ machines: z.array(machine).min(1).max(MAX_MACHINES_PER_SYNC) });
/** `bastion-state-sync`: machines that were seen or have changed. labd upserts them; it never deletes by absence. */
export type StateSync = z.infer<typeof stateSync>;

const failure = z.object({
  section: text(32),
  stage: z.enum(STAGE_NAMES),
  line: count.nullable(),
  command: text(1024).nullable(),
  exitCode: z.number().int().nullable(),
  lastLines: z.array(text(MAX_LINE_LENGTH)).max(50),
});

const entryNumber = z.string().regex(/^[0-9A-F]{4}$/);
const bootEntries = z
  .array(z.object({ number: entryNumber, label: text(128), kind: z.enum(['network', 'disk', 'other']) }))
  .max(MAX_BOOT_ENTRIES)
  .nullable();
/** The boot order of a machine: what was asked for, what became of it, and the firmware's list before and after. */
export const bootOrderReport = z.object({
  asked: z.enum(BOOT_ORDERS),
  outcome: z.enum(BOOT_ORDER_OUTCOMES),
  wanted: z.array(entryNumber).max(MAX_BOOT_ENTRIES),
  before: bootEntries,
  after: bootEntries,
});

const systemFacts = z.object({
  os: text(128).nullish(),
  kernel: text(128).nullish(),
  hostname: text(253).nullish(),
  addresses: z.array(text(64)).max(64).nullish(),
  hostKeys: z.array(text(2048)).max(16).nullish(),
  /** Not said by an older bastion; one of a kind that isn't known here must not cost the report of a first boot. */
  bootOrder: bootOrderReport.nullish().catch(null),
});
/** What the installed system says of itself at its first boot. */
export type SystemFacts = z.infer<typeof systemFacts>;

const progress = z.object({
  installId: id,
  stage: z.enum(STAGE_NAMES),
  event: z.enum(['started', 'ended', 'failed']),
  /** The bastion's clock. */
  at: timestamp,
  message: text(1024).nullable(),
  failure: failure.nullable(),
  facts: systemFacts.nullable(),
});
/** `bastion-progress`: a stage of an install started, ended or failed. labd runs the life cycle with it. */
export type Progress = z.infer<typeof progress>;

const logLine = z.object({
  /** From 1 per install, without gaps, given by the bastion. */
  number: count.min(1),
  at: timestamp,
  source: text(32),
  stage: z.enum(STAGE_NAMES).nullable(),
  text: text(MAX_LINE_LENGTH),
});
export type LogLine = z.infer<typeof logLine>;

const logBatch = z.object({ installId: id, lines: z.array(logLine).min(1).max(MAX_LINES_PER_BATCH) });
/** `bastion-log`: numbered lines of one install, in order. */
export type LogBatch = z.infer<typeof logBatch>;

const heard = z.object({
  installs: z
    .array(z.object({ installId: id, agoMs: count }))
    .min(1)
    .max(MAX_HEARD),
});
/**
 * `bastion-heard`: machines that are being installed and were heard of, whatever they said, and how long ago. Sent every few
 * seconds, not spooled: the next one makes up for it. labd's watchdog takes silence from what is missing here.
 */
export type Heard = z.infer<typeof heard>;

const bastionCondition = z.object({ type: text(64), since: timestamp, reason: text(64), message: text(500) });
/** What a bastion has to say of itself, as a condition. */
export type BastionCondition = z.infer<typeof bastionCondition>;
const contested = z.object({
  installId: id,
  since: timestamp,
  message: text(500),
});
const bastionStatus = z.object({
  conditions: z.array(bastionCondition).max(16),
  /** Installs that a second address has asked for. */
  contested: z.array(contested).max(MAX_CONTESTED),
});
/**
 * `bastion-status`: what is wrong at the bastion itself, and which installs others tried to get at. A level: each one replaces
 * the one before. Sent after the welcome and when it has changed; not spooled. labd shows it as conditions.
 */
export type BastionStatus = z.infer<typeof bastionStatus>;

const labdAck = z.object({ stream: streamName, epoch: id, seq: count });
/** `labd-ack`: everything of the stream up to `seq` is committed; the bastion may drop it from its spool. */
export type LabdAck = z.infer<typeof labdAck>;

const bastionAck = z.object({ generation: count });
/** `bastion-ack`: the plan of that generation is on the bastion's disk. */
export type BastionAck = z.infer<typeof bastionAck>;

const errorFrame = z.object({
  /** The refused frame, if it had an ID. */
  of: text(64).nullable(),
  code: z.enum(['invalid', 'gap', 'unexpected', 'unsupported-version', 'internal']),
  message: text(1024),
});
/** `error`: a frame was refused and why. The link stays, unless the close that follows says otherwise. */
export type ErrorFrame = z.infer<typeof errorFrame>;

/** Every message type with the shape of its payload. */
export const PAYLOADS = {
  'bastion-hello': hello,
  'labd-welcome': welcome,
  'bastion-state-sync': stateSync,
  'bastion-progress': progress,
  'bastion-log': logBatch,
  'bastion-heard': heard,
  'bastion-inventory': inventory,
  'bastion-status': bastionStatus,
  'bastion-leases': leases,
  'bastion-netboot': netboot,
  'labd-ack': labdAck,
  'labd-plan': plan,
  'labd-networks': networks,
  'bastion-ack': bastionAck,
  error: errorFrame,
} as const;

export type MessageType = keyof typeof PAYLOADS;
export type PayloadOf<T extends MessageType> = z.infer<(typeof PAYLOADS)[T]>;

/** A fact's type and payload, as it is spooled and committed. */
export type Fact =
  | { type: 'bastion-state-sync'; payload: StateSync }
  | { type: 'bastion-progress'; payload: Progress }
  | { type: 'bastion-log'; payload: LogBatch };
export type FactType = Fact['type'];

/** The stream that a fact travels on. */
export const STREAM_OF = {
  'bastion-state-sync': 'facts',
  'bastion-progress': 'facts',
  'bastion-log': 'logs',
} as const satisfies Record<FactType, StreamName>;

export const isFactType = (type: MessageType): type is FactType => Object.hasOwn(STREAM_OF, type);

/** Any message of the link. `seq` is there on facts, and only there. */
export type Message = {
  [T in MessageType]: { v: number; type: T; id: string; seq?: number; ts: string; payload: PayloadOf<T> };
}[MessageType];

export type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;

export const envelope = z.object({
  v: z.number().int(),
  type: text(64),
  id: text(64),
  seq: count.min(1).optional(),
  ts: timestamp,
  payload: z.unknown(),
});
