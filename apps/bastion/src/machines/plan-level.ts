import { isActive, type MacAddress } from '@lab/domain';
import type { Plan, ServerPlan } from '@lab/protocol';

/** What labd wants of this bastion's servers: the level that all plans so far add up to. */
export class PlanLevel {
  #generation = 0;
  #servers = new Map<string, ServerPlan>();
  /** `null`: of several, and so of none. */
  #byMac = new Map<string, ServerPlan | null>();
  #indexed = true;

  get generation(): number {
    return this.#generation;
  }

  get servers(): readonly ServerPlan[] {
    return [...this.#servers.values()];
  }

  /** False if the plan is older than the level, which it then leaves alone. */
  accepts(plan: Plan): boolean {
    return plan.generation >= this.#generation;
  }

  apply(plan: Plan): void {
    if (!this.accepts(plan)) return;
    this.#generation = plan.generation;
    if (plan.full) this.#servers.clear();
    for (const id of plan.removed) this.#servers.delete(id);
    for (const server of plan.servers) this.#servers.set(server.serverId, server);
    this.#indexed = false;
  }

  /** The server that orders of a MAC address are for; none if several claim it. Nothing else finds one. */
  find(mac: MacAddress): ServerPlan | undefined {
    if (!this.#indexed) this.#index();
    return this.#byMac.get(mac) ?? undefined;
  }

  get(serverId: string): ServerPlan | undefined {
    return this.#servers.get(serverId);
  }

  /** The level as one full plan, to be kept on the disk. */
  asPlan(): Plan {
    return { generation: this.#generation, full: true, servers: [...this.#servers.values()], removed: [] };
  }

  #index(): void {
    this.#indexed = true;
    this.#byMac.clear();
    for (const server of this.#servers.values()) {
      for (const mac of new Set(server.macs)) this.#byMac.set(mac, this.#byMac.has(mac) ? null : server);
    }
  }
}

/**
 * Whether labd has given up an install that this bastion still has under way. A server in provisioning keeps it, also
 * when the plan doesn't repeat it: `install` goes only with the action of that name. A server that is installed may be so by
 * this very install, if its `%post` has ended here (`isPastPost`); else the install was cancelled, and it is what it was before.
 */
export function isGivenUp(installId: string, server: ServerPlan | undefined, isPastPost: boolean): boolean {
  if (server === undefined) return true;
  if (server.install !== null) {
    return server.install.installId !== installId || !isKept(server.install.state);
  }
  return server.phase !== 'provisioning' && (server.phase !== 'installed' || !isPastPost);
}

const isKept = (state: Parameters<typeof isActive>[0]): boolean => isActive(state) || state === 'succeeded';
