import { LabError, kindOf } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import {
  COMMON_COLUMNS,
  COMMON_SORT,
  PLACED,
  PLACE_FILTERS,
  metadataOf,
  type CommonRow,
} from '../resources/common-columns.js';
import { placeWithDefaults } from '../resources/place-spec.dto.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type { ChangeContext, ResourceStore, Written } from '../resources/resource-store.js';
import { readCaCertificate } from './ca-certificate.js';
import {
  InstallSettingsSpecDto,
  type InstallSettingsDto,
  type InstalledUserDto,
} from './install-settings.dto.js';

interface SettingsRow extends CommonRow {
  cloud: string;
  environment: string;
  ssh_keys: string[];
  users: Required<InstalledUserDto>[];
  ca_certificates: string[];
}

const MOST_BYTES = 64 * 1024;

type Content = ResourceContent & { spec: InstallSettingsSpecDto };

@Injectable()
export class InstallSettingsRepository implements ResourceStore<InstallSettingsSpecDto> {
  readonly kind = kindOf('InstallSettings');
  readonly specDto = InstallSettingsSpecDto;
  readonly table = {
    ...PLACED,
    from: Prisma.sql`install_settings r`,
    filters: PLACE_FILTERS,
    sort: COMMON_SORT,
  };

  constructor(registry: ResourceRegistry) {
    registry.register(this);
  }

  async select(tx: SqlReader, tail: Prisma.Sql): Promise<InstallSettingsDto[]> {
    const rows = await tx.$queryRaw<SettingsRow[]>`
      SELECT ${COMMON_COLUMNS}, r.cloud, r.environment, r.ssh_keys, r.users, r.ca_certificates
      FROM ${this.table.from} ${tail}`;
    return rows.map(toSettings);
  }

  normalise(spec: InstallSettingsSpecDto): InstallSettingsSpecDto {
    const names = new Set<string>();
    const users = (spec.users ?? []).map(({ name, groups = [], sshKeys = [], sudo = false }, index) => {
      const path = `spec.users.${index}.name`;
      if (name === 'root') throw refuse(path, 'must not be root: spec.sshKeys are root’s');
      if (names.has(name)) throw refuse(path, 'is given twice');
      names.add(name);
      return { name, groups, sshKeys, sudo };
    });
    const caCertificates = (spec.caCertificates ?? []).map((text, index) => {
      const certificate = readCaCertificate(text);
      if (typeof certificate === 'string') throw refuse(`spec.caCertificates.${index}`, certificate);
      return certificate.pem;
    });
    const settings = { ...placeWithDefaults(spec), sshKeys: spec.sshKeys ?? [], users, caCertificates };
    if (JSON.stringify(settings).length > MOST_BYTES) {
      throw refuse('spec', `is larger than ${MOST_BYTES / 1024} KiB; every plan of an install carries it`);
    }
    return settings;
  }

  async insert(tx: TransactionClient, content: Content, { now }: ChangeContext): Promise<Written> {
    const data = columnsOf(content);
    await refuseSecond(tx, data, undefined);
    const { id } = await tx.installSettings.create({
      data: { ...data, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    return { id };
  }

  async update(
    tx: TransactionClient,
    { metadata: { id } }: Resource,
    content: Content,
    { now }: ChangeContext,
  ): Promise<void> {
    const data = columnsOf(content);
    await refuseSecond(tx, data, id);
    await tx.installSettings.update({
      where: { id },
      data: { ...data, updatedAt: now, version: { increment: 1 } },
    });
  }

  async remove(tx: TransactionClient, { metadata }: Resource): Promise<void> {
    await tx.installSettings.delete({ where: { id: metadata.id } });
  }
}

/** A cloud and environment has one, so that nobody has to know how several would add up. */
async function refuseSecond(
  tx: TransactionClient,
  { cloud, environment }: { cloud: string; environment: string },
  id: string | undefined,
): Promise<void> {
  const other = await tx.installSettings.findUnique({
    where: { cloud_environment: { cloud, environment } },
    select: { id: true, name: true },
  });
  if (other === null || other.id === id) return;
  throw new LabError('exists', `${cloud}/${environment} has install settings already: ${other.name}`, {
    hint: `Change those: labctl apply with metadata.name: ${other.name}`,
    errors: [{ path: 'spec.environment', message: `has the install settings ${other.name}` }],
  });
}

function columnsOf({ name, labels, annotations, spec }: Content) {
  const { cloud = 'default', environment = 'default', sshKeys = [], users = [], caCertificates = [] } = spec;
  return {
    name,
    labels,
    annotations,
    cloud,
    environment,
    sshKeys,
    users: users.map((user): Prisma.InputJsonObject => ({ ...user })),
    caCertificates,
  };
}

function toSettings(row: SettingsRow): InstallSettingsDto {
  // What is stored has been read once.
  const certificates = row.ca_certificates
    .map(readCaCertificate)
    .filter((found) => typeof found !== 'string');
  const ends = certificates.map(({ notAfter }) => notAfter.getTime());
  return {
    apiVersion: 'lab/v1',
    kind: 'InstallSettings',
    metadata: metadataOf(row),
    spec: {
      cloud: row.cloud,
      environment: row.environment,
      sshKeys: row.ssh_keys,
      users: row.users,
      caCertificates: row.ca_certificates,
    },
    status: {
      users: row.users.length,
      rootKeys: row.ssh_keys.length,
      certificates: certificates.map(({ subject, notAfter }) => ({
        subject,
        notAfter: notAfter.toISOString(),
      })),
      certificatesEndAt: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
    },
  };
}
