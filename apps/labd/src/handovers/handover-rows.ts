import {
  BOOT_ORDERS,
  INSTALL_STATES,
  LabError,
  MOST_LABELS,
  SERVER_PHASES,
  STAGE_NAMES,
  isActive,
  isHostname,
  isIpAddress,
  isLabelKey,
  isLabelValue,
  isResourceName,
  parseCidr,
  parseMac,
} from '@lab/domain';
import { HANDOVER_TABLES, type HandoverKind, type HandoverType } from '@lab/database';
import { MAX_LINE_LENGTH, bootOrderReport, installSetup } from '@lab/protocol';
import { z } from 'zod';

/** A row that was checked: its columns are those of its table and nothing else. */
export type HandoverRow = Readonly<Record<string, unknown>>;

const MOST_ROWS = 1000;
/** A column of JSON, as text. */
const MOST_JSON_BYTES = 96 * 1024;
const DEEPEST = 12;

const moment = z.iso.datetime({ offset: true }).max(40);
const text = (most: number) => z.string().max(most);
const whole = z.number().int().min(0).max(2_147_483_647);

const labels = z
  .record(
    z.string().refine(isLabelKey, 'is not the key of a label'),
    z.string().refine(isLabelValue, 'is not a label'),
  )
  .refine((all) => Object.keys(all).length <= MOST_LABELS, `has more than ${MOST_LABELS} labels`);
const annotations = z
  .record(z.string().refine(isLabelKey, 'is not the key of an annotation'), z.string())
  .refine((all) => Buffer.byteLength(JSON.stringify(all)) <= 16 * 1024, 'is larger than 16 KiB');

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce((deepest: number, each) => Math.max(deepest, depthOf(each)), 0)
    : 0;
const bounded = <T extends z.ZodType>(schema: T) =>
  schema
    .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= MOST_JSON_BYTES, 'is too large')
    .refine((value) => depthOf(value) <= DEEPEST, 'is nested too deep');
const anyObject = bounded(z.record(z.string().max(256), z.json()));

const conditions = bounded(
  z
    .array(
      z
        .looseObject({ type: text(64), since: text(40), reason: text(64), message: text(2000) })
        .catchall(z.json()),
    )
    .max(64),
);
const mac = z.string().refine((value) => parseMac(value) === value, 'is not a MAC address as labd keeps it');
const resourceName = z.string().refine(isResourceName, 'is not a name (RFC 1123)');
const address = z.string().max(64);
const cidr = z.string().refine((value) => parseCidr(value) !== undefined, 'is not a network');
const diskRule = z.strictObject({
  serial: text(256).optional(),
  wwn: text(256).optional(),
  byId: text(512).optional(),
  name: text(64).optional(),
  minSizeBytes: z.number().min(0).optional(),
});
const parameters = bounded(
  z
    .looseObject({ sshKeys: z.array(text(16_384)).max(64).optional(), setup: installSetup.optional() })
    .catchall(z.json()),
);
const failure = bounded(z.record(z.string().max(64), z.json()));

/** What a column holds that is more than its type. Null stands beside, where the table lets it. */
const EXACT: Readonly<Record<HandoverKind, Readonly<Record<string, z.ZodType>>>> = {
  networks: {
    name: resourceName,
    labels,
    annotations,
    cidr,
    vlan: z.number().int().min(1).max(4094).nullable(),
    gateway: z.string().refine(isIpAddress, 'is not an IP address').nullable(),
    domain: z.string().refine(isHostname, 'is not a domain name').nullable(),
    nameservers: z.array(z.string().refine(isIpAddress, 'is not an IP address')).max(16),
    dhcp: anyObject.nullable(),
  },
  servers: {
    name: resourceName,
    labels,
    annotations,
    phase: z.enum(SERVER_PHASES).refine((phase) => phase !== 'provisioning', 'is still being installed'),
    conditions,
    boot_mode: z.enum(['uefi', 'bios']).nullable(),
    wanted_boot_order: z.enum(BOOT_ORDERS).nullable(),
    boot_order: bounded(bootOrderReport).nullable(),
    addresses: z.array(address).max(256),
    host_keys: bounded(z.array(text(4096)).max(64)),
  },
  nics: { mac, addresses: z.array(address).max(256), settings: anyObject.nullable() },
  disks: {},
  clusters: { name: resourceName, labels, annotations, conditions },
  members: { role: z.enum(['control-plane', 'worker']) },
  installs: {
    labels,
    annotations,
    attempt: z.number().int().min(1).max(1_000_000),
    state: z.enum(INSTALL_STATES).refine((state) => !isActive(state), 'is still under way'),
    phase_before: z.enum(SERVER_PHASES),
    hostname: z.string().refine(isHostname, 'is not a host name'),
    disk_rule: diskRule,
    parameters,
    warnings: bounded(z.array(z.json()).max(100)),
    failure: failure.nullable(),
    facts: anyObject.nullable(),
    finished_at: moment,
  },
  stages: {
    name: z.enum(STAGE_NAMES),
    state: z.enum(['pending', 'running', 'succeeded', 'failed']),
    failure: failure.nullable(),
    message: text(4096).nullable(),
  },
  lines: {
    number: z.number().int().min(1).max(2_147_483_647),
    stage: z.enum(STAGE_NAMES).nullable(),
    source: text(32),
    text: text(MAX_LINE_LENGTH),
  },
};

const BY_TYPE: Readonly<Record<HandoverType, z.ZodType>> = {
  UUID: z.uuid().nullable(),
  TEXT: text(1024).nullable(),
  'TEXT[]': z.array(text(256)).max(256),
  JSONB: bounded(z.json()).nullable(),
  INT4: whole.nullable(),
  INT8: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
  BOOLEAN: z.boolean().nullable(),
  TIMESTAMPTZ: moment.nullable(),
};

/** These make what a row belongs to: never null. */
const REFERENCES = ['id', 'server_id', 'install_id', 'cluster_id'];

const schemas = new Map<HandoverKind, z.ZodType>();

function schemaOf(kind: HandoverKind): z.ZodType {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const columns = Object.entries(HANDOVER_TABLES[kind].columns).map(([name, type]): [string, z.ZodType] => [
    name,
    EXACT[kind][name] ?? (REFERENCES.includes(name) ? z.uuid() : BY_TYPE[type]),
  ]);
  const schema = z
    .array(z.strictObject(Object.fromEntries(columns)))
    .min(1)
    .max(MOST_ROWS);
  schemas.set(kind, schema);
  return schema;
}

/** Rows as another labd sent them. Raises `invalid` that names the first one that can't be what it says. */
export function parseRows(kind: HandoverKind, rows: unknown): HandoverRow[] {
  const parsed = schemaOf(kind).safeParse(rows);
  if (parsed.success) return parsed.data as HandoverRow[]; // the schema's own shape
  const [issue] = parsed.error.issues;
  const path = ['rows', ...(issue?.path ?? [])].map(String).join('.');
  const message = (issue?.message ?? 'is not valid').slice(0, 300);
  throw new LabError('invalid', `${kind}: ${path}: ${message}`, {
    hint: 'Both labds should be of one version: upgrade the older one, then run the join again.',
    errors: [{ path, message }],
  });
}
