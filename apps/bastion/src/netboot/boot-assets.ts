import type { MacAddress } from '@lab/domain';
import type { Inventory } from '@lab/protocol';
import type { BastionAssets } from '../kickstart/assets.loader.js';
import {
  renderBootIpxe,
  renderDiscoverIpxe,
  renderInstallIpxe,
  renderLocalDiskIpxe,
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
    private readonly urlOf: () => string,
    private readonly look: () => Promise<Inventory>,
  ) {}

  /** Base URL of the machines' side. */
  get url(): string {
    return this.urlOf();
  }

  hasProfile(name: string): boolean {
    return this.assets.profiles.has(name);
  }

  /** What can be installed now. Looks at the disk. */
  inventory(): Promise<Inventory> {
    return this.look();
  }

  bootScript(): string {
    return renderBootIpxe(this.assets, { bastionUrl: this.url });
  }

  discoverScript(mac: MacAddress): string {
    return renderDiscoverIpxe(this.assets, { bastionUrl: this.url, mac, profile: this.discoveryProfile });
  }

  installScript(mac: MacAddress, profile: string, kickstartToken: string): string {
    return renderInstallIpxe(this.assets, { bastionUrl: this.url, mac, profile, kickstartToken });
  }

  localDiskScript(mac: MacAddress): string {
    return renderLocalDiskIpxe(this.assets, { bastionUrl: this.url, mac });
  }

  discoveryKickstart(): string {
    return renderDiscoveryKickstart(this.assets, { bastionUrl: this.url });
  }

  installKickstart(input: Omit<InstallKickstartInput, 'bastionUrl'>): string {
    return renderInstallKickstart(this.assets, { ...input, bastionUrl: this.url });
  }
}
