import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError, type Clock } from '@lab/domain';
import { biosBinary, efiBinary } from '../assets/ipxe-binaries.js';
import type { BastionConfig } from '../config.js';
import type { BastionLog } from '../logger.js';
import { renderDnsmasqConfig } from './dnsmasq-config.js';
import { dnsmasqUser } from './dnsmasq-user.js';
import { DnsmasqProcess } from './dnsmasq.process.js';

/** DHCP and TFTP of the machines' network, if this bastion is to serve them. */
export class DhcpService {
  #process: DnsmasqProcess | undefined;

  constructor(
    private readonly config: BastionConfig,
    private readonly clock: Clock,
    private readonly log: BastionLog,
  ) {}

  get state(): 'off' | 'running' | 'down' {
    if (this.config.dhcp === null) return 'off';
    return this.#process?.isRunning === true ? 'running' : 'down';
  }

  /** Raises `environment` if machines could not be served. */
  async start(bastionUrl: string): Promise<void> {
    const { dhcp, folder, assetsDir, dnsmasq } = this.config;
    if (dhcp === null) return;
    const tftpRoot = await this.#layTftpRoot();
    const template = await readFile(join(assetsDir, 'dnsmasq', 'full.conf.hbs'), 'utf8').catch(
      (error: unknown) => {
        throw new LabError('environment', `${join(assetsDir, 'dnsmasq')} can't be read`, {
          hint: 'Set BASTION_ASSETS_DIR to the folder bastion-assets of this release.',
          cause: error,
        });
      },
    );
    const configFile = join(folder, 'dnsmasq.conf');
    const { user, group, canChange } = await dnsmasqUser(tftpRoot.folder);
    const text = renderDnsmasqConfig(template, {
      dhcp,
      bastionUrl,
      user,
      group,
      leaseFile: join(folder, 'dnsmasq.leases'),
      tftpRoot: tftpRoot.folder,
      bios: tftpRoot.bios,
    });
    await writeFile(configFile, text, { mode: 0o600 });
    const pidFile = join(folder, 'dnsmasq.pid');
    const child = new DnsmasqProcess({
      program: dnsmasq,
      configFile,
      pidFile,
      canChangeUser: canChange,
      log: this.log,
      clock: this.clock,
    });
    await child.start();
    this.#process = child;
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  /** TFTP carries only iPXE; the folder holds nothing else, and anyone may read it. */
  async #layTftpRoot(): Promise<{ folder: string; bios: boolean }> {
    const folder = join(this.config.folder, 'tftp');
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    const efi = await efiBinary(this.config).catch((error: unknown) => {
      // Found missing by a request it is a 404; here it is why the bastion can't start.
      if (error instanceof LabError)
        throw new LabError('environment', error.message, { hint: error.hint ?? '' });
      throw error;
    });
    const bios = await biosBinary(this.config);
    const copy = async (from: { folder: string; name: string }, name: string): Promise<void> => {
      await copyFile(join(from.folder, from.name), join(folder, name));
      await chmod(join(folder, name), 0o644);
    };
    await copy(efi, 'ipxe.efi');
    if (bios !== undefined) await copy(bios, 'undionly.kpxe');
    return { folder, bios: bios !== undefined };
  }
}
