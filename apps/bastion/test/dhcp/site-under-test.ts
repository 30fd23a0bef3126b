import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@lab/domain';
import type { Reservation, ServedNetwork } from '@lab/protocol';
import { pino } from 'pino';
import type { BastionSettings } from '../../src/config.js';
import { DhcpService } from '../../src/dhcp/dhcp.service.js';
import { NetworksStore } from '../../src/dhcp/networks.store.js';
import { NO_LABD, configIn, temporaryFolder } from '../bastion-fixture.js';
import { DhcpLab, type Probe } from './dhcp-lab.js';
import { DHCP, ipBytes } from './dhcp-packet.js';

export const BASTION_URL = 'http://192.168.77.1:7071';

/** A network of labd on 192.168.77.0/24. */
export const served = (over: Partial<ServedNetwork> = {}): ServedNetwork => ({
  networkId: randomUUID(),
  name: 'lab',
  cidr: '192.168.77.0/24',
  mode: 'full',
  ranges: [{ first: '192.168.77.100', last: '192.168.77.199' }],
  leaseSeconds: 600,
  gateway: null,
  domain: null,
  nameservers: [],
  ...over,
});

export type Kind = 'pxe' | 'http' | 'ipxe' | 'plain';
let macs = 0x10;

/** What a machine sends to find out what to boot; a MAC address of its own each time, unless it is given. */
export function machine(
  kind: Kind,
  arch: number | null,
  over: Partial<Probe> & { type?: number } = {},
): Probe {
  macs += 1;
  const { type = DHCP.discover, options = new Map<number, Buffer>(), ...rest } = over;
  const number = Buffer.alloc(2);
  number.writeUInt16BE(arch ?? 0);
  const vendor = `${kind === 'http' ? 'HTTP' : 'PXE'}Client:Arch:${String(arch ?? 0).padStart(5, '0')}:UNDI:003016`;
  const all = new Map<number, Buffer>([
    [53, Buffer.from([type])],
    // What EDK2 asks for: mask, router, servers, domain, vendor options, class, TFTP server, boot file.
    [55, Buffer.from([1, 3, 6, 12, 15, 43, 51, 54, 60, 66, 67, 97])],
  ]);
  if (kind !== 'plain') {
    all.set(60, Buffer.from(vendor));
    if (arch !== null) all.set(93, number);
    all.set(94, Buffer.from([1, 3, 16]));
    all.set(97, Buffer.concat([Buffer.from([0]), Buffer.alloc(16, macs)]));
  }
  if (kind === 'ipxe') {
    all.set(77, Buffer.from('iPXE'));
    all.set(175, Buffer.from([0xb1, 1, 1, 0x13, 1, 1]));
  }
  for (const [code, data] of options) all.set(code, data);
  return { mac: `52:54:00:00:${hex(macs >> 8)}:${hex(macs & 255)}`, options: all, ...rest };
}

const hex = (number: number): string => number.toString(16).padStart(2, '0');

/** The same machine takes an address that it was offered. */
export const taking = (probe: Probe, address: string, server: string): Probe => ({
  ...probe,
  options: new Map([
    ...probe.options,
    [53, Buffer.from([DHCP.request])],
    [50, ipBytes(address)],
    [54, ipBytes(server)],
  ]),
});

/** The bastion's DHCP with a real dnsmasq, in a network namespace of its own, and a host beside it that sends packets. */
export class SiteUnderTest {
  private constructor(
    readonly lab: DhcpLab,
    readonly dhcp: DhcpService,
    readonly networks: NetworksStore,
    private readonly config: BastionSettings,
    /** What dnsmasq has said. */
    readonly lines: string[],
    private readonly remove: () => Promise<void>,
  ) {}

  static async start(options: {
    networks?: readonly ServedNetwork[];
    reservations?: readonly Reservation[];
    env?: Record<string, string>;
    interfaces?: number;
    arm64?: boolean;
  }): Promise<SiteUnderTest> {
    const folder = await temporaryFolder();
    const ipxe = join(folder.path, 'ipxe');
    await mkdir(ipxe);
    for (const name of ['ipxe.efi', 'undionly.kpxe'])
      await writeFile(join(ipxe, name), 'MZ'.padEnd(2_000, name));
    if (options.arm64 !== false) await writeFile(join(ipxe, 'ipxe-arm64.efi'), 'MZ');
    const interfaces = options.interfaces ?? 1;
    const lab = await DhcpLab.create(folder.path, interfaces);
    const settings = configIn(folder.path, {
      BASTION_IPXE_DIR: ipxe,
      BASTION_DNSMASQ: lab.dnsmasq,
      BASTION_DHCP_INTERFACE: Array.from({ length: interfaces }, (_, n) => `lab${n}`).join(','),
      ...options.env,
    });
    const config = { ...settings, labd: { url: NO_LABD, joinTokenFile: null } };
    const { networks, reservations } = options;
    return SiteUnderTest.#run(lab, config, () => folder[Symbol.asyncDispose](), { networks, reservations });
  }

  static async #run(
    lab: DhcpLab,
    config: BastionSettings,
    remove: () => Promise<void>,
    ordered: { networks?: readonly ServedNetwork[]; reservations?: readonly Reservation[] },
  ): Promise<SiteUnderTest> {
    const log = pino({ level: 'silent' });
    const networks = await NetworksStore.open(config.folder, log);
    const lines: string[] = [];
    const dhcp = new DhcpService({
      ...{ config, networks, log, clock: systemClock },
      interfaces: () => lab.interfaces(),
      onLine: (line) => lines.push(line),
    });
    const site = new SiteUnderTest(lab, dhcp, networks, config, lines, remove);
    if (ordered.networks !== undefined) site.order(ordered.networks, ordered.reservations);
    await dhcp.start(BASTION_URL);
    return site;
  }

  get folder(): string {
    return this.config.folder;
  }

  /** labd says what is served from now on. */
  order(networks: readonly ServedNetwork[], reservations: readonly Reservation[] = []): void {
    this.networks.take({
      ...{ revision: randomUUID(), part: 1, parts: 1 },
      networks: [...networks],
      reservations: [...reservations],
    });
  }

  /** The same bastion, started again. This one has ended. */
  async restarted(): Promise<SiteUnderTest> {
    await this.dhcp.stop();
    await this.networks.close();
    return SiteUnderTest.#run(this.lab, this.config, this.remove, {});
  }

  /** Lines of shell that run before dnsmasq whenever it is called, with its arguments. */
  async breakDnsmasq(lines: string): Promise<void> {
    const program = await readFile(this.lab.dnsmasq, 'utf8');
    await writeFile(this.lab.dnsmasq, program.replace('\n', `\n# broken\n${lines}\n# until here\n`));
  }

  async repairDnsmasq(): Promise<void> {
    const program = await readFile(this.lab.dnsmasq, 'utf8');
    await writeFile(this.lab.dnsmasq, program.replace(/# broken\n.*# until here\n/s, ''));
  }

  async stop(): Promise<void> {
    await this.dhcp.stop();
    await this.networks.close();
    await this.lab.close();
    await this.remove();
  }
}
