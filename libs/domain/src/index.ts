export { INSTALL_CONTESTED } from './contested.js';
export { LabError, ERROR_CODES, toProblem } from './lab-error.js';
export type { FieldError, LabErrorCode, LabErrorOptions, Problem } from './lab-error.js';
export { mac, macInPath, parseMac, printable } from './mac-address.js';
export type { MacAddress } from './mac-address.js';
export { hostname, isHostname, isId, isProfileName, isResourceName } from './names.js';
export { STAGES, STAGE_NAMES, STAGE_WITHIN, isStageName } from './stages.js';
export type {
  StageDefinition,
  StageEvent,
  StageFailure,
  StageName,
  StageReporter,
  StageState,
} from './stages.js';
export {
  DISK_IDENTIFIER,
  SSH_PUBLIC_KEY,
  USER_NAME,
  isDiskIdentifier,
  isSshPublicKey,
} from './install-values.js';
export { DISK_TOUCHED_BY, lifecycleEventOf, touchesDisk } from './stage-events.js';
export { GATE_SECONDS, mayHaveTouched } from './disk-touch.js';
export type { DiskTouchFacts } from './disk-touch.js';
export { CONDITIONS, CONDITION_TYPES, conditionNamed } from './conditions.js';
export type { ConditionType } from './conditions.js';
export {
  ACTIONS,
  covers,
  formatPermission,
  grantsFor,
  intersect,
  isAllowed,
  parsePermission,
} from './permission.js';
export type { Action, Permission, PermissionRequest } from './permission.js';
export { SERVER_ROLES, isServerRole } from './roles.js';
export type { ServerRole } from './roles.js';
export {
  ACTIVE_INSTALL_STATES,
  EVENTS,
  INSTALL_STATES,
  LIFECYCLE,
  POSITIONS,
  SERVER_PHASES,
  isActive,
  phaseOf,
  positionOf,
  transition,
} from './lifecycle.js';
export type {
  Accepted,
  ActiveInstallState,
  Cause,
  Effect,
  InstallState,
  LifecycleEvent,
  LifecycleState,
  Position,
  Rejected,
  ServerPhase,
} from './lifecycle.js';
export { RESOURCE_KINDS, kindNamed, kindOf } from './resource-kinds.js';
export type { KindName, PrintColumn, PrintedKind, ResourceKind, ResourceScope } from './resource-kinds.js';
export { mayDo, mayDoSomewhere, permissionFor } from './resource-access.js';
export type { Intent, Place } from './resource-access.js';
export {
  MOST_LABELS,
  isLabelKey,
  isLabelValue,
  matchesLabels,
  parseLabelSelector,
} from './label-selector.js';
export type { LabelRequirement } from './label-selector.js';
export { cidrContains, ipv4Number, ipv4Text, isInterfaceAddress, isIpAddress, parseCidr } from './cidr.js';
export type { Cidr } from './cidr.js';
export {
  DEFAULT_LEASE,
  DHCP_DEFAULTS,
  DHCP_MODES,
  LONGEST_LEASE,
  MOST_DHCP_EXCLUSIONS,
  MOST_DHCP_RANGES,
  SHORTEST_LEASE,
  addressCount,
  servedRanges,
  unusableAddresses,
} from './dhcp.js';
export { dhcpFault } from './dhcp-rules.js';
export type { DhcpFault } from './dhcp-rules.js';
export type { DhcpMode, DhcpNetwork, DhcpRange, DhcpSettings } from './dhcp.js';
export { ADDRESS_METHODS, BOND_MODES, INTERFACE_NAME, networkInterfaces } from './network-interfaces.js';
export type {
  AddressMethod,
  BondMode,
  NetworkInterface,
  NicSettings,
  RecordedNic,
} from './network-interfaces.js';
export { diskMismatch, isRealDisk, lunPaths, matchingDisks } from './disk-rule.js';
export type { DiskMismatch, DiskRule, KnownDisk } from './disk-rule.js';
export { checkOrder } from './order-check.js';
export { ORDER_WARNINGS } from './order-facts.js';
export type {
  CheckedOrder,
  KnownHardware,
  Offer,
  OfferedLayout,
  OfferedProfile,
  OfferedRole,
  OrderVerdict,
  OrderWarning,
} from './order-facts.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { statedByBastion } from './diagnosis/bastion-statements.js';
export { diagnose } from './diagnosis/diagnose.js';
export { DIAGNOSIS_RULES } from './diagnosis/rules.js';
export { HARMLESS } from './diagnosis/harmless.js';
export type { Diagnosis, EvidenceLine, Failure } from './diagnosis/diagnose.js';
export type { DiagnosisRule } from './diagnosis/diagnosis-rule.js';
export { awaitedIn } from './awaited.js';
export type { Awaited } from './awaited.js';
export {
  HEARTBEAT_SECONDS,
  INSTALL_CONDITIONS,
  SILENCE_SECONDS,
  WATCHED_CONDITIONS,
  stuckIn,
  stuckMessage,
} from './watchdog.js';
export type { Stuck, UsualTime, WatchedInstall } from './watchdog.js';
export { MOST_HOLDERS, diskNumbers, identify } from './identity/machine-identity.js';
export type {
  Identified,
  IdentityDisk,
  LabPlace,
  MacHolder,
  MachineIdentity,
  SeenMachine,
  Uniqueness,
} from './identity/machine-identity.js';
export {
  IDENTITY_CONDITIONS,
  conflictBetween,
  identityFindings,
  replaced,
} from './identity/identity-conflicts.js';
export type { ComparedServer, IdentityConflict, IdentityFinding } from './identity/identity-conflicts.js';
export { orderMacs } from './identity/order-macs.js';
export type { OrderableNic } from './identity/order-macs.js';
export { isWeakNic } from './identity/nic-weight.js';
export type { WeighedNic } from './identity/nic-weight.js';
export { claimOf, compareClaims } from './identity/machine-claim.js';
export type { MachineClaim } from './identity/machine-claim.js';
export { telling } from './identity/telling.js';
export {
  BOOT_ORDERS,
  BOOT_ORDER_OUTCOMES,
  MAX_BOOT_ENTRIES,
  bootEntriesOf,
  bootOrderProblem,
} from './boot-order.js';
export type {
  BootEntry,
  BootOrder,
  BootOrderOutcome,
  BootOrderProblem,
  BootOrderReport,
} from './boot-order.js';
