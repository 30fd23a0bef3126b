/** A column of a table: its heading and where its value is in the resource, as a dotted path. `wide` ones show with `-o wide`. */
export interface PrintColumn {
  heading: string;
  path: string;
  wide?: boolean;
}

export interface ResourceKind {
  kind: string;
  singular: string;
  plural: string;
  aliases: readonly string[];
  verbs: readonly string[];
  columns: readonly PrintColumn[];
}

/** The catalog: the one place in the code that declares what `get` can show. labd serves it, labctl bundles it. */
export const RESOURCE_KINDS = [
  {
    kind: 'Server',
    singular: 'server',
    plural: 'servers',
    aliases: ['srv'],
    verbs: ['get', 'describe', 'provision', 'reprovision', 'forget', 'logs'],
    columns: [
      { heading: 'NAME', path: 'metadata.name' },
      { heading: 'STATUS', path: 'status.phase' },
      { heading: 'ROLE', path: 'spec.role' },
      { heading: 'OS', path: 'status.os' },
      { heading: 'MAC', path: 'status.mac' },
      { heading: 'ADDRESS', path: 'status.address', wide: true },
      { heading: 'CPU', path: 'status.hardware.cpuCores', wide: true },
      { heading: 'MEMORY', path: 'status.hardware.memoryBytes', wide: true },
      { heading: 'DISKS', path: 'status.disks', wide: true },
      { heading: 'NICS', path: 'status.nics', wide: true },
      { heading: 'BASTION', path: 'status.bastion', wide: true },
      { heading: 'AGE', path: 'metadata.createdAt' },
    ],
  },
  {
    kind: 'Bastion',
    singular: 'bastion',
    plural: 'bastions',
    aliases: [],
    verbs: ['get'],
    columns: [
      { heading: 'NAME', path: 'metadata.name' },
      { heading: 'LINK', path: 'status.link' },
      { heading: 'SERVERS', path: 'status.servers' },
      { heading: 'VERSION', path: 'status.softwareVersion' },
      { heading: 'ADDRESS', path: 'status.url', wide: true },
      { heading: 'PROFILES', path: 'status.profiles', wide: true },
      { heading: 'AGE', path: 'metadata.createdAt' },
    ],
  },
] as const satisfies readonly ResourceKind[];

/** The kind that a person means by `name`: singular, plural or alias, in any case. */
export const kindNamed = (
  name: string,
  kinds: readonly ResourceKind[] = RESOURCE_KINDS,
): ResourceKind | undefined => {
  const lower = name.toLowerCase();
  return kinds.find((kind) => [kind.singular, kind.plural, ...kind.aliases].includes(lower));
};
