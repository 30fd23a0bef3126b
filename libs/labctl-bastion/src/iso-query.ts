import { LabError } from '@lab/cli-kit';
import type { Server } from '@lab/cli-kit';

/** What `GET /boot.iso` is asked for. */
export interface IsoWishes {
  macs: readonly string[];
  /** With its prefix length. */
  address?: string | undefined;
  gateway?: string | undefined;
  dns?: string | undefined;
}

/** What a server's record says about the network that a NIC of its is in. */
export interface DeclaredNetwork {
  cidr: string;
  gateway: string | null;
}

export type NetworkOf = (name: string) => Promise<DeclaredNetwork>;

export const isoPath = ({ macs, address, gateway, dns }: IsoWishes): string => {
  const query = new URLSearchParams(macs.map((mac): [string, string] => ['mac', mac]));
  for (const [name, value] of Object.entries({ address, gateway, dns })) {
    if (value !== undefined) query.set(name, value);
  }
  const text = query.toString();
  return `/boot.iso${text === '' ? '' : `?${text}`}`;
};

/**
 * The MACs of the server and, unless `wishes` name one, the address that its record declares. A declared address is that of
 * one NIC: the medium is then for this one only. Raises `not-found` for a server without any NIC.
 */
export async function ofServer(server: Server, wishes: IsoWishes, networkOf: NetworkOf): Promise<IsoWishes> {
  const declared = server.spec.nics ?? [];
  const seen = server.status.nics;
  const macs = [...new Set([...declared, ...seen].map(({ mac }) => mac))];
  if (macs.length === 0) {
    throw new LabError('not-found', `${server.metadata.name} has no NIC: there is nothing to know it by`, {
      hint: `Declare one: labctl edit server ${server.metadata.name}, spec.nics: - mac: …`,
    });
  }
  if (wishes.address !== undefined) return { ...wishes, macs };
  // A port of a bond or of a VLAN has no address of its own before the system runs.
  const own = declared.filter((nic) => nic.bond === undefined && nic.vlan === undefined);
  const boots = (mac: string): boolean => seen.some((nic) => nic.mac === mac && nic.boot);
  const nic = [...own].sort((one, other) => Number(boots(other.mac)) - Number(boots(one.mac))).find(isStatic);
  if (nic?.address === undefined) return { ...wishes, macs };
  const name = nic.network ?? seen.find(({ mac }) => mac === nic.mac)?.network ?? null;
  const network = name === null ? undefined : await networkOf(name);
  const [bare = nic.address, length = network?.cidr.split('/')[1]] = nic.address.split('/');
  if (length === undefined) {
    throw new LabError(
      'invalid',
      `The address ${bare} of ${server.metadata.name} has no prefix length, and is in no network`,
      {
        hint: `Say it: --address ${bare}/24, or in the server's record.`,
      },
    );
  }
  return {
    macs: [nic.mac],
    address: `${bare}/${length}`,
    gateway: wishes.gateway ?? nic.gateway ?? network?.gateway ?? undefined,
    dns: wishes.dns ?? nic.nameservers?.find((server) => !server.includes(':')),
  };
}

/** iPXE and the installer take IPv4 here. */
const isStatic = (nic: { address?: string; method?: string }): boolean =>
  nic.address !== undefined && !nic.address.includes(':') && (nic.method ?? 'static') === 'static';
