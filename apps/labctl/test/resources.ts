import type { components } from '@lab/api-client';
import { STAGES, STAGE_NAMES } from '@lab/domain';

type Schemas = components['schemas'];
export type Server = Schemas['Server'];
export type Stage = Schemas['InstallStage'];
export type Failure = Schemas['InstallFailure'];
export type InstallState = Schemas['InstallState'];

export const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A server as labd shows one that was just discovered, with what a spec changes. */
export function aServer(
  number: number,
  changes: {
    name?: string;
    labels?: Record<string, string>;
    role?: Schemas['ServerSpec']['role'];
    status?: Partial<Schemas['ServerStatus']>;
  } = {},
): Server {
  const createdAt = new Date(Date.now() - 3 * 3_600_000).toISOString();
  return {
    apiVersion: 'lab/v1',
    kind: 'Server',
    metadata: {
      id: uuid(number),
      name: changes.name ?? `node${number}`,
      labels: changes.labels ?? {},
      annotations: {},
      version: 1,
      createdAt,
      updatedAt: createdAt,
    },
    spec: { role: changes.role ?? null, cloud: 'default', environment: 'default' },
    status: {
      phase: 'discovered',
      conditions: [],
      os: null,
      mac: `52:54:00:00:00:${String(number).padStart(2, '0')}`,
      address: null,
      bastion: { id: uuid(900), name: 'site-a' },
      lastSeenAt: createdAt,
      cluster: null,
      hardware: {
        arch: 'x86_64',
        cpuModel: 'Intel(R) Xeon(R) Gold 6130',
        cpuCores: 8,
        memoryBytes: 16 * 1024 ** 3,
        manufacturer: 'Dell Inc.',
        model: 'PowerEdge R640',
        serial: 'ABC1234',
        smbiosUuid: uuid(800),
        bootMode: 'uefi',
      },
      bootOrder: null,
      nics: [
        {
          name: 'ens3',
          mac: `52:54:00:00:00:${String(number).padStart(2, '0')}`,
          driver: 'virtio_net',
          speedMbps: 1000,
          linkUp: true,
          addresses: ['192.168.77.100/24'],
          boot: true,
          network: null,
        },
      ],
      disks: [
        {
          name: 'nvme0n1',
          sizeBytes: 250 * 1024 ** 3,
          model: 'QEMU NVMe Ctrl',
          serial: 'lab0001',
          wwn: null,
          byId: null,
          rotational: false,
          removable: false,
          transport: 'nvme',
          hasData: false,
        },
      ],
      system: null,
      install: null,
      ...changes.status,
    },
  };
}

/** A server that is as large as one gets within 80 columns. */
export const anInstalledServer = (number: number): Server =>
  aServer(number, {
    name: `rack12-node${number}`,
    role: 'control-plane',
    status: { phase: 'provisioning', os: 'fedora-43', address: '192.168.77.100' },
  });

export const stages = (): Stage[] =>
  STAGE_NAMES.map((name) => ({
    name,
    title: STAGES[name].title,
    state: 'pending',
    startedAt: null,
    endedAt: null,
    message: null,
    failure: null,
  }));

export const diskFailure: Failure = {
  section: '%pre',
  stage: 'disk',
  line: 41,
  command: 'choose_disk serial=lab0009',
  exitCode: 1,
  lastLines: ['looking at nvme0n1', 'no disk has the serial lab0009'],
  message: 'no disk matches the rule',
  diagnosis: null,
};

export const aBastion = (name: string) => ({
  apiVersion: 'lab/v1',
  kind: 'Bastion',
  metadata: aServer(900, { name }).metadata,
  status: {
    link: 'up',
    url: 'http://192.168.77.1:7071',
    softwareVersion: '0.1.0',
    servers: 2,
    profiles: ['fedora-43'],
    installableProfiles: ['fedora-43'],
    incompleteProfiles: [],
    lastSeenAt: null,
  },
});
