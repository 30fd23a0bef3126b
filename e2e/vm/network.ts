import { access, constants } from 'node:fs/promises';
import { LabError } from '@lab/domain';
import { programs, run } from '@lab/testing';

/** The machines' network of one site: a bridge with the bastion's address on it, and a tap for each machine. */
export interface LabNetwork {
  bridge: string;
  /** The bastion's address, without the prefix length. */
  address: string;
  /** A new port of the bridge, for one machine's NIC; answers its name. */
  addTap(): Promise<string>;
  close(): Promise<void>;
}

export interface LabNetworkOptions {
  /** At most 12 characters: the taps' names are made of it, and Linux allows 15. Default `lab0`. */
  bridge?: string;
  /** Address and prefix length. Default `192.168.77.1/24`. */
  cidr?: string;
}

/**
 * Makes the network in the namespace that this process runs in.
 * Throws `LabError` (`environment`) outside `in-namespace.sh`: a test must never change the machine's own network.
 */
export async function labNetwork(options: LabNetworkOptions = {}): Promise<LabNetwork> {
  if (process.env['LAB_NAMESPACE'] !== 'inside') {
    throw new LabError(
      'environment',
      "VM tests run in a network namespace of their own, and this isn't one.",
      {
        hint: 'Start them with e2e/vm/in-namespace.sh COMMAND, as `npm run e2e` does.',
      },
    );
  }
  await access('/dev/net/tun', constants.R_OK | constants.W_OK).catch((cause: unknown) => {
    throw new LabError('environment', "/dev/net/tun can't be opened, so a virtual machine gets no network.", {
      hint: 'Run as root, or: sudo chmod 0666 /dev/net/tun (as most distributions have it).',
      cause,
    });
  });
  const { ip } = await programs(['ip']);
  const bridge = options.bridge ?? 'lab0';
  const cidr = options.cidr ?? '192.168.77.1/24';
  await run(ip, ['link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0']);
  await run(ip, ['addr', 'add', cidr, 'dev', bridge]);
  await run(ip, ['link', 'set', bridge, 'up']);
  const taps: string[] = [];
  return {
    bridge,
    address: cidr.split('/')[0] ?? cidr,
    addTap: async () => {
      const tap = `${bridge}t${taps.length}`;
      taps.push(tap);
      await run(ip, ['tuntap', 'add', tap, 'mode', 'tap']);
      await run(ip, ['link', 'set', tap, 'master', bridge, 'up']);
      return tap;
    },
    close: async () => {
      for (const device of [...taps, bridge]) await run(ip, ['link', 'del', device]);
    },
  };
}
