import type { Action } from './permission.js';

/** A column of a table: its heading and where its value is in the resource, as a dotted path. `wide` ones show with `-o wide`. */
export interface PrintColumn {
  heading: string;
  path: string;
  wide?: boolean;
  /** Where the conditions are that are shown beside the value: `provisioning (Stuck)`. */
  conditions?: string;
}

/**
 * Which part of `action:cloud:environment:server` a resource is held against; what it lacks only a wildcard grants. `own`:
 * everybody has theirs, administrators see all.
 */
export type ResourceScope = 'server' | 'environment' | 'global' | 'own';

/** How people name a kind, what they can do with it and how it is shown: what a client needs. */
export interface PrintedKind {
  kind: string;
  singular: string;
  plural: string;
  aliases: readonly string[];
  verbs: readonly string[];
  columns: readonly PrintColumn[];
}

export interface ResourceKind extends PrintedKind {
  scope: ResourceScope;
  /** The action that each needs. `write`: create, apply, update and whatever else changes it. */
  access: { read: Action; write: Action; destroy: Action };
  /** Query parameters that narrow a list, besides `labelSelector`. */
  filters: readonly string[];
  /** What a list may be sorted by; the first is the default, `-` before it turns the order round. */
  sort: readonly string[];
}

const NAME = { heading: 'NAME', path: 'metadata.name' } as const;
const AGE = { heading: 'AGE', path: 'metadata.createdAt' } as const;
const READ = ['get', 'list', 'watch', 'describe'] as const;
const CHANGE = ['create', 'apply', 'update', 'delete'] as const;
const OF_ENVIRONMENT = { read: 'read', write: 'apply', destroy: 'destroy' } as const;
const OF_ADMINISTRATORS = { read: 'admin', write: 'admin', destroy: 'admin' } as const;

/** The catalog: the one place in the code that declares what `get` can show. labd serves it, labctl bundles it. */
export const RESOURCE_KINDS = [
  {
    kind: 'Server',
    singular: 'server',
    plural: 'servers',
    aliases: ['srv'],
    verbs: [...READ, ...CHANGE, 'provision', 'reprovision', 'cancel', 'forget', 'logs'],
    scope: 'server',
    access: OF_ENVIRONMENT,
    columns: [
      NAME,
      { heading: 'STATUS', path: 'status.phase', conditions: 'status.conditions' },
      { heading: 'ROLE', path: 'spec.role' },
      { heading: 'OS', path: 'status.os' },
      { heading: 'MAC', path: 'status.mac' },
      { heading: 'ADDRESS', path: 'status.address', wide: true },
      { heading: 'CPU', path: 'status.hardware.cpuCores', wide: true },
      { heading: 'MEMORY', path: 'status.hardware.memoryBytes', wide: true },
      { heading: 'DISKS', path: 'status.disks', wide: true },
      { heading: 'NICS', path: 'status.nics', wide: true },
      { heading: 'CLUSTER', path: 'status.cluster', wide: true },
      { heading: 'BASTION', path: 'status.bastion', wide: true },
      AGE,
    ],
    filters: ['role', 'status', 'condition', 'cloud', 'environment', 'bastion', 'cluster', 'network'],
    sort: ['name', 'createdAt', 'updatedAt', 'lastSeenAt', 'role', 'status', 'environment'],
  },
  {
    kind: 'Network',
    singular: 'network',
    plural: 'networks',
    aliases: ['net'],
    verbs: [...READ, ...CHANGE],
    scope: 'environment',
    access: OF_ENVIRONMENT,
    columns: [
      NAME,
      { heading: 'CIDR', path: 'spec.cidr' },
      { heading: 'VLAN', path: 'spec.vlan' },
      { heading: 'GATEWAY', path: 'spec.gateway' },
      { heading: 'DHCP', path: 'spec.dhcpEnabled', conditions: 'status.conditions' },
      { heading: 'RANGES', path: 'status.dhcp.ranges', wide: true },
      { heading: 'LEASES', path: 'status.dhcp.leases', wide: true },
      { heading: 'NICS', path: 'status.nics', wide: true },
      { heading: 'DOMAIN', path: 'spec.domain', wide: true },
      { heading: 'BASTION', path: 'spec.bastion', wide: true },
      AGE,
    ],
    filters: ['condition', 'cloud', 'environment', 'bastion'],
    sort: ['name', 'createdAt', 'updatedAt'],
  },
  {
    kind: 'Cluster',
    singular: 'cluster',
    plural: 'clusters',
    aliases: [],
    verbs: [...READ, ...CHANGE],
    scope: 'environment',
    access: OF_ENVIRONMENT,
    columns: [
      NAME,
      { heading: 'DISTRIBUTION', path: 'spec.distribution' },
      { heading: 'MEMBERS', path: 'status.members' },
      { heading: 'VERSION', path: 'spec.version', wide: true },
      { heading: 'ENDPOINT', path: 'spec.endpoint', wide: true },
      AGE,
    ],
    filters: ['cloud', 'environment'],
    sort: ['name', 'createdAt', 'updatedAt'],
  },
  {
    kind: 'Bastion',
    singular: 'bastion',
    plural: 'bastions',
    aliases: [],
    verbs: [...READ, 'apply', 'update', 'delete'],
    scope: 'environment',
    access: { read: 'read', write: 'admin', destroy: 'admin' },
    columns: [
      NAME,
      { heading: 'LINK', path: 'status.link', conditions: 'status.conditions' },
      { heading: 'SERVERS', path: 'status.servers' },
      { heading: 'VERSION', path: 'status.softwareVersion' },
      { heading: 'ADDRESS', path: 'status.url', wide: true },
      { heading: 'INSTALLABLE', path: 'status.installableProfiles', wide: true },
      { heading: 'INCOMPLETE', path: 'status.incompleteProfiles', wide: true },
      AGE,
    ],
    filters: ['condition', 'cloud', 'environment'],
    sort: ['name', 'createdAt', 'updatedAt'],
  },
  {
    kind: 'Install',
    singular: 'install',
    plural: 'installs',
    aliases: [],
    verbs: ['get', 'list', 'describe', 'logs'],
    scope: 'server',
    access: OF_ENVIRONMENT,
    columns: [
      NAME,
      { heading: 'SERVER', path: 'server.name' },
      { heading: 'STATE', path: 'state', conditions: 'conditions' },
      { heading: 'PROFILE', path: 'profile' },
      { heading: 'STAGE', path: 'stage' },
      { heading: 'ROLE', path: 'role', wide: true },
      AGE,
    ],
    filters: ['server', 'state', 'condition', 'profile', 'cloud', 'environment', 'bastion'],
    sort: ['-queuedAt', 'queuedAt'],
  },
  {
    kind: 'InstallSettings',
    singular: 'installsettings',
    plural: 'installsettings',
    aliases: ['install-settings'],
    verbs: [...READ, ...CHANGE],
    scope: 'environment',
    access: OF_ENVIRONMENT,
    columns: [
      NAME,
      { heading: 'CLOUD', path: 'spec.cloud' },
      { heading: 'ENVIRONMENT', path: 'spec.environment' },
      { heading: 'USERS', path: 'status.users' },
      { heading: 'ROOT-KEYS', path: 'status.rootKeys' },
      { heading: 'CA-EXPIRES', path: 'status.certificatesEndAt', wide: true },
      AGE,
    ],
    filters: ['cloud', 'environment'],
    sort: ['name', 'createdAt', 'updatedAt'],
  },
  {
    kind: 'User',
    singular: 'user',
    plural: 'users',
    aliases: [],
    verbs: [...READ, ...CHANGE],
    scope: 'global',
    access: OF_ADMINISTRATORS,
    columns: [
      NAME,
      { heading: 'ROLES', path: 'spec.roles' },
      { heading: 'DISABLED', path: 'spec.disabled' },
      { heading: 'DISPLAY-NAME', path: 'spec.displayName', wide: true },
      { heading: 'LAST-LOGIN', path: 'status.lastLoginAt', wide: true },
      AGE,
    ],
    filters: ['role'],
    sort: ['name', 'createdAt', 'updatedAt'],
  },
  {
    kind: 'Role',
    singular: 'role',
    plural: 'roles',
    aliases: [],
    verbs: [...READ, ...CHANGE],
    scope: 'global',
    access: { read: 'read', write: 'admin', destroy: 'admin' },
    columns: [
      NAME,
      { heading: 'PERMISSIONS', path: 'spec.permissions' },
      { heading: 'USERS', path: 'status.users' },
      { heading: 'BUILT-IN', path: 'status.builtIn', wide: true },
      { heading: 'DESCRIPTION', path: 'spec.description', wide: true },
      AGE,
    ],
    filters: [],
    sort: ['name', 'createdAt', 'updatedAt'],
  },
  {
    kind: 'JoinToken',
    singular: 'token',
    plural: 'tokens',
    aliases: ['jointoken', 'jointokens'],
    verbs: ['get', 'list', 'watch', 'describe', 'create', 'delete'],
    scope: 'global',
    access: OF_ADMINISTRATORS,
    columns: [
      NAME,
      { heading: 'FOR', path: 'spec.for' },
      { heading: 'USES-LEFT', path: 'status.usesLeft' },
      { heading: 'EXPIRES', path: 'status.expiresAt' },
      { heading: 'CREATED-BY', path: 'status.createdBy', wide: true },
      AGE,
    ],
    filters: [],
    sort: ['name', 'createdAt'],
  },
  {
    kind: 'ApiToken',
    singular: 'apitoken',
    plural: 'apitokens',
    aliases: ['api-token', 'api-tokens'],
    verbs: ['get', 'list', 'describe', 'create', 'delete'],
    scope: 'own',
    access: OF_ADMINISTRATORS,
    columns: [
      NAME,
      { heading: 'USER', path: 'status.user' },
      { heading: 'EXPIRES', path: 'status.expiresAt' },
      { heading: 'LAST-USED', path: 'status.lastUsedAt' },
      { heading: 'SCOPE', path: 'spec.scope', wide: true },
      AGE,
    ],
    filters: [],
    sort: ['name', 'createdAt'],
  },
  {
    kind: 'AuditEntry',
    singular: 'audit',
    plural: 'audit',
    aliases: ['auditentry', 'auditentries'],
    verbs: ['get', 'list'],
    scope: 'global',
    access: OF_ADMINISTRATORS,
    columns: [
      { heading: 'SEQ', path: 'seq' },
      { heading: 'ACTOR', path: 'actor' },
      { heading: 'ACTION', path: 'action' },
      { heading: 'KIND', path: 'resourceKind' },
      { heading: 'RESOURCE', path: 'resourceName' },
      { heading: 'SOURCE', path: 'source', wide: true },
      { heading: 'AGE', path: 'at' },
    ],
    filters: ['actor', 'kind', 'name', 'action', 'since', 'until'],
    sort: ['-at', 'at'],
  },
] as const satisfies readonly ResourceKind[];

/** Names of the kinds that this version declares. */
export type KindName = (typeof RESOURCE_KINDS)[number]['kind'];

/** The kind that a person means by `name`: kind, singular, plural or alias, in any case. */
export function kindNamed<K extends PrintedKind>(name: string, kinds: readonly K[]): K | undefined {
  const lower = name.toLowerCase();
  return kinds.find((kind) =>
    [kind.kind.toLowerCase(), kind.singular, kind.plural, ...kind.aliases].includes(lower),
  );
}

/** The declaration of a kind that the code itself names. */
export function kindOf(name: KindName): ResourceKind {
  const found = RESOURCE_KINDS.find((kind) => kind.kind === name);
  if (found === undefined) throw new Error(`no kind ${name} is declared`);
  return found;
}
