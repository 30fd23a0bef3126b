import { LabError, SERVER_PHASES, SERVER_ROLES, kindOf, parseMac, printable } from '@lab/domain';
import { Prisma, type TransactionClient, type SqlReader } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { FeedChange } from '../feed/feed-writer.repository.js';
import { Changes } from '../feed/changes.notifier.js';
import { BASTION_FILTER, COMMON_SORT, PLACED, PLACE_FILTERS } from '../resources/common-columns.js';
import { placeWithDefaults } from '../resources/place-spec.dto.js';
import { refuse } from '../resources/resource-document.js';
import type { Resource, ResourceContent } from '../resources/resource.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import type {
  ChangeContext,
  FieldSelection,
  ResourceStore,
  SortKey,
  StoreChange,
  Written,
} from '../resources/resource-store.js';
import { conditionFilter } from './condition-filter.js';
import { DeclaredNics } from './declared-nics.repository.js';
import { IdentitySettler } from './identity-settler.js';
import { MachinesRepository } from './machines.repository.js';
import { ServerChanges } from './server-changes.repository.js';
import type { ServerDto } from './server.dto.js';
import { FROM_SERVERS, ServerListQuery } from './server-list.query.js';
import { serverReference } from './server-reference.js';
import { ServerSpecDto } from './server-spec.dto.js';

type Content = ResourceContent & { spec: ServerSpecDto };

const EPOCH = new Date(0).toISOString();

@Injectable()
export class ServersRepository implements ResourceStore<ServerSpecDto> {
  readonly kind = kindOf('Server');
  readonly specDto = ServerSpecDto;
  readonly table = {
    ...PLACED,
    from: FROM_SERVERS,
    filters: {
      ...PLACE_FILTERS,
      ...BASTION_FILTER,
      role: (value: string) => Prisma.sql`r.role = ${oneOf('role', value, SERVER_ROLES)}`,
      status: (value: string) => Prisma.sql`r.phase = ${oneOf('status', value, SERVER_PHASES)}`,
      condition: (value: string) => conditionFilter(Prisma.sql`r.conditions`, value),
      cluster: (value: string) =>
        Prisma.sql`(c.name = ${value.toLowerCase()} OR c.id::TEXT = ${value.toLowerCase()})`,
      network: (value: string) => Prisma.sql`EXISTS (
        SELECT 1 FROM server_nics n JOIN networks w ON w.id = n.network_id
        WHERE n.server_id = r.id AND (w.name = ${value.toLowerCase()} OR w.id::TEXT = ${value.toLowerCase()}))`,
    },
    sort: {
      ...COMMON_SORT,
      lastSeenAt: {
        sql: Prisma.sql`COALESCE(r.last_seen_at, ${EPOCH}::TIMESTAMPTZ)`,
        type: 'TIMESTAMPTZ',
        of: (server) => (server as ServerDto).status.lastSeenAt ?? EPOCH,
      },
      role: {
        sql: Prisma.sql`COALESCE(r.role, '')`,
        type: 'TEXT',
        of: (server) => (server as ServerDto).spec.role ?? '',
      },
      status: { sql: Prisma.sql`r.phase`, type: 'TEXT', of: (server) => (server as ServerDto).status.phase },
      environment: {
        sql: Prisma.sql`r.environment`,
        type: 'TEXT',
        of: (server) => (server as ServerDto).spec.environment ?? '',
      },
    } satisfies Record<string, SortKey>,
  };
  readonly reference = serverReference;

  constructor(
    registry: ResourceRegistry,
    private readonly servers: ServerListQuery,
    private readonly nics: DeclaredNics,
    private readonly machines: MachinesRepository,
    private readonly settler: IdentitySettler,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {
    registry.register(this);
  }

  select(tx: SqlReader, tail: Prisma.Sql, fields?: FieldSelection): Promise<ServerDto[]> {
    return this.servers.select(tx, tail, fields);
  }

  normalise(spec: ServerSpecDto): ServerSpecDto {
    const macs = new Set<string>();
    const nics = (spec.nics ?? []).map((nic, index) => {
      const mac = parseMac(nic.mac);
      const path = `spec.nics.${index}.mac`;
      if (mac === undefined)
        throw refuse(path, 'must be a MAC address', 'Write six octets, such as 52:54:00:12:34:56.');
      if ((Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || mac === '00:00:00:00:00:00') {
        throw refuse(path, 'is a group or null address, which no NIC has');
      }
      if (macs.has(mac)) throw refuse(path, 'is given twice');
      macs.add(mac);
      const { name = `nic${index}`, network, ...settings } = nic;
      return { ...settings, mac, name, network: network?.toLowerCase() ?? null };
    });
    return {
      role: spec.role ?? null,
      bootOrder: spec.bootOrder ?? null,
      ...placeWithDefaults(spec),
      nics: nics.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.mac < b.mac ? -1 : 1)),
    };
  }

  async insert(tx: TransactionClient, content: Content, { now }: ChangeContext): Promise<Written> {
    const { id } = await tx.server.create({
      data: { ...columnsOf(content), confirmedAt: now, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    await this.nics.declare(tx, id, content.spec.nics ?? []);
    await this.#settle(tx, id, [], now);
    return { id };
  }

  async update(
    tx: TransactionClient,
    before: Resource,
    content: Content,
    { now }: ChangeContext,
  ): Promise<void> {
    const { id } = before.metadata;
    await tx.server.update({
      where: { id },
      data: { ...columnsOf(content), confirmedAt: now, updatedAt: now, version: { increment: 1 } },
    });
    await this.nics.declare(tx, id, content.spec.nics ?? []);
    const { metadata, spec } = before as ServerDto;
    if (whoOf(metadata.name, spec) !== whoOf(content.name, content.spec)) {
      await this.#settle(tx, id, spec.nics ?? [], now);
    }
  }

  /** What is stated of others names it, too. `gone`: NICs that it had before. */
  async #settle(
    tx: TransactionClient,
    id: string,
    gone: readonly { mac: string }[],
    now: Date,
  ): Promise<void> {
    const records = await this.machines.byIds(tx, [id]);
    const signed = records.map(({ hardware, nics, disks }) => ({
      hardware,
      nics: [...nics, ...gone],
      disks,
    }));
    const restated = await this.settler.settle(tx, signed, now);
    const others = restated.filter((other) => other !== id);
    await this.serverChanges.record(
      tx,
      others.map((other) => ({ type: 'modified', id: other })),
      now,
    );
  }

  async record(
    tx: TransactionClient,
    { type, before, after }: StoreChange,
    now: Date,
    was: FeedChange['was'],
  ): Promise<void> {
    if (type === 'deleted') await this.serverChanges.record(tx, [{ type, server: before as ServerDto }], now);
    else if (after !== undefined)
      await this.serverChanges.record(tx, [{ type, id: after.metadata.id, was }], now);
  }

  committed({ before, after }: StoreChange): void {
    const bastions = [before, after].flatMap(
      (server) => (server as ServerDto | undefined)?.status.bastion?.id ?? [],
    );
    this.changes.serversChanged(bastions);
    // Its NICs may be in networks of other bastions.
    this.changes.networksChanged();
  }
}

/** What other servers' conditions may rest on. */
const whoOf = (name: string, { cloud, environment, nics = [] }: ServerSpecDto): string =>
  JSON.stringify([name, cloud, environment, nics.map(({ mac }) => mac).sort()]);

const columnsOf = ({ name, labels, annotations, spec }: Content) => {
  const { role = null, bootOrder = null, cloud = 'default', environment = 'default' } = spec;
  return { name, labels, annotations, role, cloud, environment, wantedBootOrder: bootOrder };
};

function oneOf(name: string, value: string, values: readonly string[]): string {
  if (values.includes(value)) return value;
  throw new LabError('invalid', `${name}: "${printable(value)}" is none of ${values.join(', ')}`, {
    hint: `Choose one of ${values.join(', ')}.`,
    errors: [{ path: name, message: `must be one of ${values.join(', ')}` }],
  });
}
