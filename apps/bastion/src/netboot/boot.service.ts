import { Injectable } from '@nestjs/common';
import { claimOf, isIpAddress, type MacAddress } from '@lab/domain';
import type { Asker } from '../installs/install-gate.js';
import { InstallBoots } from '../installs/install-boots.js';
import { InstallService } from '../installs/install.service.js';
import { MachineClaims } from '../machines/machine-claims.js';
import { NetbootJournal } from '../dhcp/netboot-journal.js';
import { PlanStore } from '../machines/plan.store.js';
import { BootAssets } from './boot-assets.js';
import { decideBoot, type BootAction, type BootDecision } from './boot-decision.js';

const WORDS: Readonly<Record<string, string>> = {
  discover: 'report its hardware and wait',
  'local-disk': 'boot from its own disk',
};

/** Decides what a machine boots, and serves it. */
@Injectable()
export class BootService {
  constructor(
    private readonly plans: PlanStore,
    private readonly installs: InstallService,
    private readonly installBoots: InstallBoots,
    private readonly assets: BootAssets,
    private readonly claims: MachineClaims,
    private readonly journal: NetbootJournal,
  ) {}

  /** What the next boot of the machine at that address would do; changes nothing. */
  peek(mac: MacAddress, address: string): BootAction {
    const { action } = this.#decide(mac);
    const server = this.plans.find(mac);
    const isOther =
      server !== undefined && this.claims.isOther(mac, address, claimOf(server.uuid, server.serial));
    return action === 'install' && isOther ? 'discover' : action;
  }

  /** The script that the machine boots with. An install's counts as served, with a new kickstart token. */
  async script(asker: Asker): Promise<string> {
    const { mac } = asker;
    const decision = this.#decide(mac);
    const server = this.plans.find(mac);
    const concerned = decision.action === 'install' || decision.failure !== undefined;
    if (concerned && server !== undefined && server.install !== null) {
      // Another machine waits where it can be seen.
      if (!(await this.installBoots.admits(server, server.install, asker))) {
        this.#tell(asker, 'discover', 'it is another machine than the server of that address');
        return this.assets.discoverScript(mac);
      }
    }
    if (decision.action === 'install' && server !== undefined) {
      const { install } = decision;
      this.#tell(asker, `install ${install.profile}`, decision.reason);
      const token = await this.installBoots.serve(server, install, asker);
      return this.assets.installScript(mac, install.profile, token);
    }
    this.#tell(asker, decision.action, decision.failure?.message ?? decision.reason);
    if (decision.failure !== undefined && server !== undefined && server.install !== null) {
      await this.installBoots.fail(server, server.install, mac, decision.failure.message);
    }
    return decision.action === 'local-disk'
      ? this.assets.localDiskScript(mac)
      : this.assets.discoverScript(mac);
  }

  #tell({ mac, address }: Asker, what: string, why: string): void {
    const told = WORDS[what] ?? what;
    const ip = isIpAddress(address) ? address : null;
    this.journal.add(mac, { type: 'decision', address: ip, text: `was told to ${told}: ${why}` });
  }

  #decide(mac: MacAddress): BootDecision {
    const plan = this.plans.find(mac);
    return decideBoot({
      plan,
      local: this.installs.local(plan?.install ?? null),
      hasProfile: (name) => this.assets.hasProfile(name),
    });
  }
}
