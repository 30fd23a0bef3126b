import { join } from 'node:path';
import type { MacAddress } from '@lab/domain';
import type { Plan, ServerPlan } from '@lab/protocol';
import { Damage } from '../storage/damage.js';
import { Journal } from '../storage/journal.js';
import { PlanLevel } from './plan-level.js';

/** Plans in the file before it is written anew as one. */
const COMPACT_OVER = 2_000;
/** Servers of one line in the file. */
const SERVERS_PER_LINE = 500;

/** The newest plan, kept on disk: what the bastion acts on while labd is away. */
export class PlanStore {
  #level = new PlanLevel();
  #lines = 0;
  #taking: Promise<void> = Promise.resolve();
  #listeners = new Set<() => Promise<void>>();

  private constructor(private readonly journal: Journal) {}

  static async open(folder: string, damage = new Damage()): Promise<PlanStore> {
    const level = new PlanLevel();
    let lines = 0;
    const journal = await Journal.open(
      join(folder, 'plans.ndjson'),
      (line) => {
        const plan = parse(line);
        if (plan === undefined) return false;
        level.apply(plan);
        lines += 1;
        return true;
      },
      damage,
    );
    const store = new PlanStore(journal);
    store.#level = level;
    store.#lines = lines;
    return store;
  }

  get generation(): number {
    return this.#level.generation;
  }

  get servers(): readonly ServerPlan[] {
    return this.#level.servers;
  }

  find(mac: MacAddress): ServerPlan | undefined {
    return this.#level.find(mac);
  }

  /** Whether a person, an order or an install stands behind the machine with that MAC address. */
  isConfirmed(mac: MacAddress): boolean {
    const server = this.#level.find(mac);
    return (
      server !== undefined && (server.confirmed || server.phase !== 'discovered' || server.install !== null)
    );
  }

  get(serverId: string): ServerPlan | undefined {
    return this.#level.get(serverId);
  }

  /** Calls back after the level has changed. */
  onChanged(listener: () => Promise<void>): void {
    this.#listeners.add(listener);
  }

  /** Takes a plan; resolved means that it is on the disk. An older one is ignored. */
  take(plan: Plan): Promise<void> {
    const taken = this.#taking.then(() => this.#take(plan));
    this.#taking = taken.catch(() => undefined);
    return taken;
  }

  async close(): Promise<void> {
    await this.#taking;
    await this.journal.close();
  }

  async #take(plan: Plan): Promise<void> {
    if (!this.#level.accepts(plan)) return;
    if (this.#lines >= COMPACT_OVER) {
      await this.journal.replace(linesOf(this.#level.asPlan()));
      this.#lines = 0;
    }
    await this.journal.append(`${JSON.stringify(plan)}\n`, true);
    this.#lines += 1;
    this.#level.apply(plan);
    for (const listener of this.#listeners) await listener();
  }
}

function* linesOf(plan: Plan): Generator<string> {
  const { servers } = plan;
  for (let start = 0; start === 0 || start < servers.length; start += SERVERS_PER_LINE) {
    const part: Plan = {
      ...plan,
      full: start === 0,
      servers: servers.slice(start, start + SERVERS_PER_LINE),
    };
    yield `${JSON.stringify(part)}\n`;
  }
}

/** Our own file: a line with these fields is a plan that was validated when it came. */
function parse(line: string): Plan | undefined {
  try {
    const plan = JSON.parse(line) as Partial<Plan> | null;
    const isPlan =
      Number.isSafeInteger(plan?.generation) &&
      Array.isArray(plan?.removed) &&
      Array.isArray(plan.servers) &&
      plan.servers.every((server) => isText(server.serverId) && Array.isArray(server.macs));
    return isPlan ? (plan as Plan) : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';
