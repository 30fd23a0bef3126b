import { Injectable } from '@nestjs/common';
import type { MacAddress } from '@lab/domain';
import { InstallService } from '../installs/install.service.js';
import { PlanStore } from '../machines/plan.store.js';
import { BootAssets } from './boot-assets.js';
import { decideBoot, type BootAction, type BootDecision } from './boot-decision.js';

/** What a booting machine says of itself, beside its MAC address. */
export interface Booting {
  mac: MacAddress;
  uuid: string | null;
  address: string;
}

/** Decides what a machine boots, and serves it. */
@Injectable()
export class BootService {
  constructor(
    private readonly plans: PlanStore,
    private readonly installs: InstallService,
    private readonly assets: BootAssets,
  ) {}

  /** What the next boot would do; changes nothing. */
  peek(mac: MacAddress, uuid: string | null = null): BootAction {
    return this.#decide(mac, uuid).action;
  }

  /** The script that the machine boots with. An install's counts as served, with a new kickstart token. */
  async script({ mac, uuid, address }: Booting): Promise<string> {
    const decision = this.#decide(mac, uuid);
    const server = this.plans.find(mac, uuid);
    if (decision.action === 'install' && server !== undefined) {
      const { install } = decision;
      const token = await this.installs.serve(server, install, mac, address);
      return this.assets.installScript(mac, install.profile, token);
    }
    if (decision.failure !== undefined && server !== undefined && server.install !== null) {
      await this.installs.fail(server, server.install, mac, decision.failure.message);
    }
    return decision.action === 'local-disk'
      ? this.assets.localDiskScript(mac)
      : this.assets.discoverScript(mac);
  }

  #decide(mac: MacAddress, uuid: string | null): BootDecision {
    const plan = this.plans.find(mac, uuid);
    return decideBoot({
      plan,
      local: this.installs.local(plan?.install ?? null),
      hasProfile: (name) => this.assets.hasProfile(name),
    });
  }
}
