import { cpSync, existsSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from '@jest/globals';
import { mediaPrograms, programs } from '@lab/testing';
import { root } from './checkout.js';
import { LabUnderTest, PLAIN_NAME, eventually } from './lab-under-test.js';
import type { ServerResource } from './resources.js';
import { Machine, type MachineOptions } from './vm/machine.js';
import { plainRoms } from './vm/plain-roms.js';
import { labNetwork, type LabNetwork } from './vm/network.js';
import { SiteDhcp } from './vm/site-dhcp.js';
import { buildTestInstaller, type TestInstaller } from './vm/test-installer/build.js';

/** A small machine that has other things to do is slow. */
const PATIENCE_MS = 900_000;

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
    const { dnsmasq } = await programs(['dnsmasq']);
    const media = await mediaPrograms(mkdtempSync(join(tmpdir(), 'media-')));
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
        ...media,
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

  /** From now on the ROMs of the NICs pass for plain PXE, and not for iPXE. */
  async plainRoms(): Promise<void> {
    await plainRoms(this.network.bridge, this.lab.home);
  }

  /** A boot medium as an operator makes it: `labctl bastion iso` with these flags. Answers its file. */
  async bootMedium(name: string, ...flags: string[]): Promise<string> {
    const file = join(this.lab.home, `${name}.iso`);
    const { code, stderr } = await this.lab.labctl(
      ...['bastion', 'iso', '-o', file, '--url', this.lab.lab.bastionUrl, ...flags],
    );
    if (code !== 0) throw new Error(`labctl bastion iso: ${stderr}`);
    return file;
  }

  /** Waits until the machine has reported itself. */
  async discovered(machine: Machine, withinMs = PATIENCE_MS): Promise<ServerResource> {
    return eventually(
      `${machine.hardware.name} has reported itself`,
      async () => {
        const server = await this.lab.get<ServerResource>(`/servers/${machine.mac}`);
        return server?.status.hardware.bootMode == null ? undefined : server;
      },
      withinMs,
    );
  }

  /** Orders the test system, and waits for the first boot of the machine, which comes for the order by itself. */
  async installed(machine: Machine, hostname: string, withinMs = PATIENCE_MS): Promise<ServerResource> {
    const order = ['--os', 'test-installer', '--role', 'worker', '--hostname', hostname];
    const { code, stderr } = await this.lab.labctl('provision', machine.mac, ...order);
    if (code !== 0) throw new Error(`labctl provision: ${stderr}`);
    return this.lab.serverIn('installed', machine.mac, withinMs);
  }

  /** A DHCP server beside the bastion, for one in proxy mode. */
  async siteDhcp(): Promise<SiteDhcp> {
    this.#siteDhcp = await SiteDhcp.start(this.network, this.subnet);
    return this.#siteDhcp;
  }

  /** Ends everything. What its machines last showed is kept in `evidenceFolder()`, until the scenario turns out well. */
  async stop(): Promise<void> {
    const kept = evidenceFolder();
    mkdirSync(kept, { recursive: true });
    for (const machine of this.machines) {
      await machine.keepEvidence(kept).catch((error: unknown) => {
        process.stderr.write(`${machine.hardware.name}: ${String(error)}\n`);
      });
      await machine.stop();
    }
    const logs = join(this.lab.home, 'log');
    if (existsSync(logs)) cpSync(logs, kept, { recursive: true });
    await this.#siteDhcp?.stop();
    await this.lab.stop();
    await this.network.close();
  }
}

/** Screens, console logs and programs' logs of the scenario that runs: `e2e/failures/NAME`. keep-failures.mjs clears it. */
const evidenceFolder = (): string =>
  join(root, 'e2e/failures', basename(expect.getState().testPath ?? 'unknown', '.e2e.ts'));
