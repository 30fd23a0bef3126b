import { Injectable } from '@nestjs/common';
import { claimOf, type MacAddress } from '@lab/domain';
import type { Asker } from '../installs/install-gate.js';
import { InstallBoots } from '../installs/install-boots.js';
import { InstallService } from '../installs/install.service.js';
import { MachineClaims } from '../machines/machine-claims.js';
import { PlanStore } from '../machines/plan.store.js';
import { BootAssets } from './boot-assets.js';
import { decideBoot, type BootAction, type BootDecision } from './boot-decision.js';

/** Decides what a machine boots, and serves it. */
@Injectable()
export class BootService {
  constructor(
    private readonly plans: PlanStore,
    private readonly installs: InstallService,
    private readonly installBoots: InstallBoots,
    private readonly assets: BootAssets,
    private readonly claims: MachineClaims,
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
      if (!(await this.installBoots.admits(server, server.install, asker)))
        return this.assets.discoverScript(mac, `this machine does not say that it is ${server.name}`);
    }
    if (decision.action === 'install' && server !== undefined) {
      const { install } = decision;
      const token = await this.installBoots.serve(server, install, asker);
      return this.assets.installScript({
        mac,
        reason: decision.reason,
        server: server.name,
        profile: install.profile,
        kickstartToken: token,
      });
    }
    if (decision.failure !== undefined && server !== undefined && server.install !== null) {
      await this.installBoots.fail(server, server.install, mac, decision.failure.message);
    }
    return decision.action === 'local-disk'
      ? this.assets.localDiskScript(mac, decision.reason)
      : this.assets.discoverScript(mac, decision.failure?.message ?? decision.reason);
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
