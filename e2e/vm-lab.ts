import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from '@lab/testing';
import { root } from './checkout.js';
import { LabUnderTest, PLAIN_NAME } from './lab-under-test.js';
import { Machine, type MachineOptions } from './vm/machine.js';
import { labNetwork, type LabNetwork } from './vm/network.js';
import { SiteDhcp } from './vm/site-dhcp.js';
import { buildTestInstaller, type TestInstaller } from './vm/test-installer/build.js';

/** A site in one box: labd, a bastion that serves DHCP on a network of its own, and virtual machines plugged into it. */
export class VmLab {
  #siteDhcp: SiteDhcp | undefined;

  private constructor(
    readonly lab: LabUnderTest,
    /** The first three octets of its network: `192.168.77`. */
    readonly subnet: string,
    readonly installer: TestInstaller,
    private readonly network: LabNetwork,
    private readonly machines: Machine[],
  ) {}

  /** Inside `vm/in-namespace.sh` only. Nothing is started yet. `env` is for labd, the bastion and labctl. */
  static async create(env: NodeJS.ProcessEnv = {}): Promise<VmLab> {
    const installer = await buildTestInstaller();
    const { dnsmasq, 'ipxe-snponly.efi': ipxe } = await programs(['dnsmasq', 'ipxe-snponly.efi']);
    // Scenarios run side by side: each worker of Jest has a network of its own.
    const worker = Number(process.env['JEST_WORKER_ID'] ?? '1');
    const subnet = `192.168.${76 + worker}`;
    const network = await labNetwork({ bridge: `lab${worker - 1}`, cidr: `${subnet}.1/24` });
    const lab = await LabUnderTest.create(
      {
        BASTION_HOST: network.address,
        BASTION_DHCP_INTERFACE: network.bridge,
        BASTION_DHCP_RANGE:
          env['BASTION_DHCP_MODE'] === 'proxy'
            ? `${subnet}.0`
            : `${subnet}.100,${subnet}.200,255.255.255.0,10m`,
        BASTION_DNSMASQ: dnsmasq,
        BASTION_IPXE_DIR: join(ipxe, '..'),
        BASTION_PROFILES_DIR: join(root, 'e2e/vm/profiles'),
        BASTION_DISCOVERY_PROFILE: 'test-installer',
        ...env,
      },
      PLAIN_NAME,
    );
    mkdirSync(join(lab.lab.bastionDir, 'assets'), { recursive: true, mode: 0o755 });
    symlinkSync(installer.fedora, join(lab.lab.bastionDir, 'assets/test-installer'));
    symlinkSync(installer.el, join(lab.lab.bastionDir, 'assets/test-installer-el'));
    return new VmLab(lab, subnet, installer, network, []);
  }

  /** A blank machine on the network, switched off. */
  async machine(name: string, options: Partial<MachineOptions> = {}): Promise<Machine> {
    const machine = await Machine.create({
      name,
      tap: await this.network.addTap(),
      folder: join(this.lab.home, 'machines'),
      bootOrder: 'firmware',
      ...options,
    });
    this.machines.push(machine);
    return machine;
  }

  /** A DHCP server beside the bastion, for one in proxy mode. */
  async siteDhcp(): Promise<SiteDhcp> {
    this.#siteDhcp = await SiteDhcp.start(this.network, this.subnet);
    return this.#siteDhcp;
  }

  async stop(): Promise<void> {
    for (const machine of this.machines) await machine.stop();
    await this.#siteDhcp?.stop();
    await this.lab.stop();
    await this.network.close();
  }
}
