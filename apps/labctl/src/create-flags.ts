import * as Flags from '@oclif/core/flags';
import { parseDuration, usageError } from '@lab/cli-kit';

/** Puts the values of a flag into the spec that is made. */
type Into = (spec: Record<string, unknown>, values: readonly string[], flag: string) => void;

interface CreateFlag {
  description: string;
  /** Undefined: the flag takes no value. */
  helpValue?: string;
  /** What it does for the kinds that have it. */
  kinds: Readonly<Record<string, Into>>;
}

const text =
  (field: string): Into =>
  (spec, values, flag) => {
    const [value, second] = values;
    if (second !== undefined) throw usageError(`--${flag} is given twice`);
    spec[field] = value;
  };
const number =
  (field: string): Into =>
  (spec, values, flag) => {
    const [value = ''] = values;
    if (!/^\d{1,9}$/.test(value)) throw usageError(`--${flag}: "${value}" is not a number`);
    spec[field] = Number(value);
  };
const list =
  (field: string): Into =>
  (spec, values) => {
    spec[field] = [...values];
  };
const seconds =
  (field: string): Into =>
  (spec, [value = ''], flag) => {
    spec[field] = Math.round(parseDuration(value, `--${flag}`) / 1000);
  };
const yes =
  (field: string): Into =>
  (spec) => {
    spec[field] = true;
  };
/** Into the settings of a network's DHCP. */
const dhcp =
  (into: Into): Into =>
  (spec, values, flag) => {
    const settings = (spec['dhcp'] ?? {}) as Record<string, unknown>;
    into(settings, values, flag);
    spec['dhcp'] = settings;
  };
/** `192.168.77.100-192.168.77.200`; a single address is a range of one. labd says what can't be. */
const ranges =
  (field: string): Into =>
  (spec, values, flag) => {
    spec[field] = values.map((value) => {
      const [first = '', last = first, ...rest] = value.split('-').map((part) => part.trim());
      if (first === '' || last === '' || rest.length > 0)
        throw usageError(
          `--${flag}: "${value}" is not a range`,
          'Write 192.168.77.100-192.168.77.200, or a single address.',
        );
      return { first, last };
    });
  };
const nics: Into = (spec, values) => {
  spec['nics'] = values.map((mac) => ({ mac }));
};
const members =
  (role: string): Into =>
  (spec, values) => {
    const others = (spec['members'] ?? []) as object[];
    spec['members'] = [...others, ...values.map((server) => ({ server, role }))];
  };

const placed = (field: string): CreateFlag['kinds'] => ({
  ...{ Server: text(field), Network: text(field), Cluster: text(field) },
  ...{ InstallSettings: text(field), JoinToken: text(field) },
});

/** The flags of `create TYPE NAME`: what a document can say beyond them is for `-f`. */
export const CREATE_FLAGS: Readonly<Record<string, CreateFlag>> = {
  cloud: { description: 'where it is; else default', helpValue: 'NAME', kinds: placed('cloud') },
  environment: { description: 'where it is; else default', helpValue: 'NAME', kinds: placed('environment') },
  'boot-order': {
    description: 'server: what an install lets the firmware try first, network-first or disk-first',
    helpValue: 'ORDER',
    kinds: { Server: text('bootOrder') },
  },
  role: {
    description: 'server: what it is for; user: a role that they get, may be given again',
    helpValue: 'ROLE',
    kinds: { Server: text('role'), User: list('roles') },
  },
  mac: { description: 'server: a NIC of it; may be given again', helpValue: 'MAC', kinds: { Server: nics } },
  cidr: { description: 'network: 192.168.77.0/24', helpValue: 'CIDR', kinds: { Network: text('cidr') } },
  vlan: { description: 'network: its tag', helpValue: 'N', kinds: { Network: number('vlan') } },
  gateway: { description: 'network: its router', helpValue: 'ADDRESS', kinds: { Network: text('gateway') } },
  dhcp: {
    description: 'network: its bastion serves it with DHCP',
    kinds: { Network: yes('dhcpEnabled') },
  },
  'dhcp-mode': {
    description: 'network: full, or proxy where another DHCP server gives the addresses; else full',
    helpValue: 'MODE',
    kinds: { Network: dhcp(text('mode')) },
  },
  range: {
    description: 'network: addresses to give out, else .100 to .200 of a /24; may be given again',
    helpValue: 'FIRST-LAST',
    kinds: { Network: dhcp(ranges('ranges')) },
  },
  exclude: {
    description: 'network: addresses of the ranges that are not given out; may be given again',
    helpValue: 'FIRST-LAST',
    kinds: { Network: dhcp(ranges('exclusions')) },
  },
  lease: {
    description: 'network: for how long an address is given, else 1h',
    helpValue: 'DURATION',
    kinds: { Network: dhcp(seconds('leaseSeconds')) },
  },
  nameserver: {
    description: 'network: a DNS server that machines are told; may be given again',
    helpValue: 'ADDRESS',
    kinds: { Network: list('nameservers') },
  },
  bastion: { description: 'network: who serves it', helpValue: 'NAME', kinds: { Network: text('bastion') } },
  domain: {
    description: 'network, cluster: its DNS domain',
    helpValue: 'DOMAIN',
    kinds: { Network: text('domain'), Cluster: text('domain') },
  },
  distribution: { description: 'cluster: k3s', helpValue: 'NAME', kinds: { Cluster: text('distribution') } },
  endpoint: {
    description: 'cluster: URL of its API',
    helpValue: 'URL',
    kinds: { Cluster: text('endpoint') },
  },
  'control-plane': {
    description: 'cluster: a member of its control plane; may be given again',
    helpValue: 'SERVER',
    kinds: { Cluster: members('control-plane') },
  },
  worker: {
    description: 'cluster: a worker; may be given again',
    helpValue: 'SERVER',
    kinds: { Cluster: members('worker') },
  },
  'display-name': {
    description: 'user: for people',
    helpValue: 'TEXT',
    kinds: { User: text('displayName') },
  },
  permission: {
    description: 'role: action:cloud:environment:server; may be given again',
    helpValue: 'PERMISSION',
    kinds: { Role: list('permissions') },
  },
  description: {
    description: 'role: what it is for',
    helpValue: 'TEXT',
    kinds: { Role: text('description') },
  },
  scope: {
    description: 'apitoken: a permission that it is limited to; may be given again',
    helpValue: 'PERMISSION',
    kinds: { ApiToken: list('scope') },
  },
  expires: {
    description: 'token, apitoken: after how long it ends',
    helpValue: 'DURATION',
    kinds: { JoinToken: seconds('expiresInSeconds'), ApiToken: seconds('expiresInSeconds') },
  },
  uses: {
    description: 'token: how often it may be used',
    helpValue: 'N',
    kinds: { JoinToken: number('maxUses') },
  },
};

/** As oclif has them. */
export const createFlags = Object.fromEntries(
  Object.entries(CREATE_FLAGS).map(([name, { description, helpValue }]) => [
    name,
    helpValue === undefined
      ? Flags.boolean({ description, helpGroup: 'SPEC' })
      : Flags.string({ description, helpValue, helpGroup: 'SPEC', multiple: true, multipleNonGreedy: true }),
  ]),
);

/** The spec that the flags make. Raises a usage error for one that the kind doesn't have. */
export function specOf(
  kind: { kind: string; singular: string; plural: string },
  flags: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const spec: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(CREATE_FLAGS)) {
    const value = flags[name];
    if (value === undefined || value === false) continue;
    const into = flag.kinds[kind.kind];
    if (into === undefined) {
      const own = Object.keys(CREATE_FLAGS).filter(
        (other) => CREATE_FLAGS[other]?.kinds[kind.kind] !== undefined,
      );
      throw usageError(
        `--${name} is not for ${kind.plural}`,
        own.length === 0
          ? `Write a document and labctl create -f FILE.`
          : `A ${kind.singular} has ${own.map((other) => `--${other}`).join(', ')}.`,
      );
    }
    into(spec, Array.isArray(value) ? value.map(String) : [], name);
  }
  return spec;
}
