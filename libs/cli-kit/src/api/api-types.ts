import type { InstallState, ServerPhase, StageState } from '@lab/domain';

/** The bodies of labd's REST API, as labctl reads them. Moments are RFC 3339, sizes bytes, null is unknown or none. */
export interface NamedRef {
  id: string;
  name: string;
}

export interface ResourceMetadata extends NamedRef {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface ResourceList {
  apiVersion: string;
  kind: 'List';
  /** `continue`: cursor of the next page, null on the last one. */
  metadata: { continue: string | null };
  items: unknown[];
}

export interface InstallFailure {
  section: string | null;
  stage: string;
  line: number | null;
  command: string | null;
  exitCode: number | null;
  lastLines: string[];
  message: string | null;
}

export interface InstallSummary {
  id: string;
  /** 1 for the server's first install. */
  attempt: number;
  state: InstallState;
  profile: string;
  role: string;
  hostname: string;
  stage: string | null;
  queuedAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  failure: InstallFailure | null;
}

export interface InstallStage {
  name: string;
  title: string;
  state: StageState;
  startedAt: string | null;
  endedAt: string | null;
  message: string | null;
  failure: InstallFailure | null;
}

export interface Install extends InstallSummary {
  server: NamedRef;
  stages?: InstallStage[];
  logTotal: number;
}

export interface Condition {
  type: string;
  status: string;
  since: string;
  reason: string;
  message: string;
}

export interface Nic {
  name: string;
  mac: string;
  driver: string | null;
  speedMbps: number | null;
  linkUp: boolean | null;
  addresses: string[];
  boot: boolean;
  network: string | null;
}

export interface Disk {
  name: string;
  sizeBytes: number;
  model: string | null;
  serial: string | null;
  transport: string | null;
  rotational: boolean | null;
  removable: boolean | null;
  hasData: boolean | null;
}

export interface Server {
  apiVersion: string;
  kind: 'Server';
  metadata: ResourceMetadata;
  spec: { role: string | null; cloud: string; environment: string };
  status: {
    phase: ServerPhase;
    conditions: Condition[];
    os: string | null;
    mac: string | null;
    address: string | null;
    bastion: NamedRef | null;
    lastSeenAt: string | null;
    hardware: {
      arch: string | null;
      cpuModel: string | null;
      cpuCores: number | null;
      memoryBytes: number | null;
      manufacturer: string | null;
      model: string | null;
      serial: string | null;
      smbiosUuid: string | null;
      bootMode: string | null;
    };
    nics: Nic[];
    disks: Disk[];
    system: null | {
      osName: string | null;
      kernelVersion: string | null;
      hostname: string | null;
      addresses: string[];
      hostKeys: string[];
    };
    install: InstallSummary | null;
  };
}

export interface LogLine {
  number: number;
  at: string;
  source: string;
  stage: string | null;
  text: string;
}

export interface LogPage {
  install: { id: string; attempt: number; state: InstallState };
  lines: LogLine[];
  logTotal: number;
  /** Pass it as `after` for the next page; null: no more lines now. */
  next: number | null;
}

export interface SessionTokens {
  accessToken: string;
  refreshToken: string;
  expiresAt: string;
  username: string;
}

export interface Whoami {
  username: string;
  roles: string[];
  permissions: string[];
}

/** Which disk may be installed on: all given keys must match. */
export interface DiskRule {
  serial?: string;
  name?: string;
}

export interface ProvisionBody {
  profile?: string;
  role?: string;
  hostname?: string;
  disk?: DiskRule;
  allowErase?: boolean;
  layout?: string;
}
