export {
  MAX_CONTESTED,
  MAX_FRAME_BYTES,
  MAX_HEARD,
  MAX_LINES_PER_BATCH,
  MAX_MACHINES_PER_SYNC,
  MAX_LINE_LENGTH,
  PAYLOADS,
  PROTOCOL_VERSION,
  STREAM_OF,
  WINDOWS,
  bootOrderReport,
  isFactType,
} from './messages.js';
export { installSetup } from './plan.js';
export type { DiskRule, InstallPlan, InstallSetup, Plan, ServerPlan } from './plan.js';
export type {
  BastionAck,
  BastionCondition,
  BastionStatus,
  ErrorFrame,
  Fact,
  FactType,
  Heard,
  Hello,
  Inventory,
  LabdAck,
  LayoutSummary,
  LogBatch,
  LogLine,
  Machine,
  MachineDisk,
  MachineNic,
  Message,
  MessageOf,
  MessageType,
  PayloadOf,
  ProfileSummary,
  Progress,
  RoleSummary,
  StateSync,
  StreamName,
  StreamPosition,
  SystemFacts,
  Welcome,
} from './messages.js';
export {
  MAX_LEASES,
  MAX_NETBOOT_EVENTS,
  MAX_NETBOOT_MACHINES,
  MAX_NETWORKS_PER_PART,
  MAX_RESERVATIONS_PER_PART,
  NETBOOT_EVENTS,
} from './networks.js';
export type {
  AddressRange,
  Lease,
  Netboot,
  NetbootEvent,
  NetworkLeases,
  Networks,
  Reservation,
  ServedNetwork,
} from './networks.js';
export { decode, encode } from './frames.js';
export type { Decoded } from './frames.js';
export { CLOSE, pipe } from './socket.js';
export type { FrameSocket } from './socket.js';
export { BastionSession } from './bastion-session.js';
export type { BastionSessionOptions, Closed, FactSource, SpooledFact } from './bastion-session.js';
export { HELLO_TIMEOUT_MS, LabdSession } from './labd-session.js';
export type { LabdSessionOptions } from './labd-session.js';
export type { SessionLog } from './session-log.js';
