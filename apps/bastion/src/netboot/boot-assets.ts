import type { MacAddress } from '@lab/domain';
import type { Inventory } from '@lab/protocol';
import type { BastionAssets } from '../kickstart/assets.loader.js';
import type { BootMedium } from '../kickstart/boot-medium.js';
import {
  renderBootIpxe,
  renderDiscoverIpxe,
  renderInstallIpxe,
  renderLocalDiskIpxe,
  renderMediumIpxe,
  type InstallIpxeInput,
} from '../kickstart/ipxe-script.renderer.js';
import { renderDiscoveryKickstart } from '../kickstart/discovery-kickstart.renderer.js';
import {
  renderInstallKickstart,
  type InstallKickstartInput,
} from '../kickstart/install-kickstart.renderer.js';

/** What machines are given, with the one address at which they reach this bastion. */
export class BootAssets {
  constructor(
    private readonly assets: BastionAssets,
    private readonly discoveryProfile: string,
    private readonly name: string,
    private readonly urlOf: () => string,
    private readonly look: () => Promise<Inventory>,
  ) {}

  /** Base URL of the machines' side. */
  get url(): string {
    return this.urlOf();
  }

  get #origin(): { bastion: string; bastionUrl: string } {
    return { bastion: this.name, bastionUrl: this.url };
  }

  hasProfile(name: string): boolean {
    return this.assets.profiles.has(name);
  }

  /** What can be installed now. Looks at the disk. */
  inventory(): Promise<Inventory> {
    return this.look();
  }

  bootScript(): string {
    return renderBootIpxe(this.assets, this.#origin);
  }

  mediumScript(medium: BootMedium): string {
    return renderMediumIpxe(this.assets, this.#origin, medium);
  }

  /** `reason`: why the machine gets it, for its screen. The same of the other scripts. */
  discoverScript(mac: MacAddress, reason: string): string {
    return renderDiscoverIpxe(this.assets, { ...this.#origin, mac, reason, profile: this.discoveryProfile });
  }

  installScript(input: Omit<InstallIpxeInput, 'bastion' | 'bastionUrl'>): string {
    return renderInstallIpxe(this.assets, { ...input, ...this.#origin });
  }

  localDiskScript(mac: MacAddress, reason: string): string {
    return renderLocalDiskIpxe(this.assets, { ...this.#origin, mac, reason });
  }

  discoveryKickstart(): string {
    return renderDiscoveryKickstart(this.assets, { bastionUrl: this.url });
  }

  installKickstart(input: Omit<InstallKickstartInput, 'bastionUrl'>): string {
    return renderInstallKickstart(this.assets, { ...input, bastionUrl: this.url });
  }
}
