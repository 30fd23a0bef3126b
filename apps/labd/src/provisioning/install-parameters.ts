import { networkInterfaces, type MacAddress, type NicSettings } from '@lab/domain';
import { installSetup, type InstallSetup } from '@lab/protocol';
import { z } from 'zod';

const stored = z.looseObject({
  /** The order's own keys: a reprovision keeps them. */
  sshKeys: z.array(z.string()).max(64).default([]),
  /** What the settings and the server's record said when it was queued. */
  setup: installSetup.default({
    sshKeys: [],
    users: [],
    caCertificates: [],
    interfaces: [],
    bootOrder: null,
  }),
});

/** The SSH keys in an install's stored parameters that its order named. */
export const orderedKeys = (parameters: unknown): string[] =>
  stored.safeParse(parameters).data?.sshKeys ?? [];

/** What the install is to set up, from its stored parameters: the order's keys first. */
export function setupOf(parameters: unknown): InstallSetup {
  const { sshKeys, setup } = stored.parse(parameters);
  return { ...setup, sshKeys: [...new Set([...sshKeys, ...setup.sshKeys])].slice(0, 64) };
}

/** The install settings of the server's cloud and environment, as they are stored. */
export interface StoredSettings {
  sshKeys: unknown;
  users: unknown;
  caCertificates: unknown;
}

/** A NIC that says how it is to be configured. */
export interface ConfiguredNic {
  mac: string;
  settings: NicSettings;
  network: { cidr: string; gateway: string | null } | null;
}

/** What an install gets beside its order. Raises `invalid` for NICs that make no interfaces (any more). */
export function setupFrom(
  settings: StoredSettings | null,
  nics: readonly ConfiguredNic[],
  bootOrder: string | null,
): InstallSetup {
  // The database's CHECK keeps MAC addresses in this form.
  const recorded = nics.map((nic) => ({ ...nic, mac: nic.mac as MacAddress }));
  return installSetup.parse({
    sshKeys: settings?.sshKeys ?? [],
    users: settings?.users ?? [],
    caCertificates: settings?.caCertificates ?? [],
    interfaces: networkInterfaces(recorded),
    bootOrder,
  });
}
