import { CLOSE, MAX_FRAME_BYTES, type Plan, type ServerPlan } from '@lab/protocol';
import type { PlanQuery } from './plan.query.js';
import { WakingLoop } from './waking-loop.js';

const SERVERS_A_PART = 500;

/** Half of a frame: the rest is for what the envelope and the encoding add. */
const BYTES_A_PART = MAX_FRAME_BYTES / 2;

/** Servers in parts that each fit into a frame: installs bring users, keys and certificates along. */
function partsOf(servers: readonly ServerPlan[]): ServerPlan[][] {
  const parts: ServerPlan[][] = [];
  let bytes = 0;
  for (const server of servers) {
    const size = Buffer.byteLength(JSON.stringify(server)) + 1;
    const part = bytes + size > BYTES_A_PART ? undefined : parts.at(-1);
    if (part === undefined) parts.push([server]);
    else part.push(server);
    bytes = part === undefined ? size : bytes + size;
  }
  return parts;
}

/** The link that plans go out on. */
export interface PlanTarget {
  bastionId: string;
  /** As in `bastions.link_replica`: another value there means that another link has taken over. */
  linkId: string;
  send: (plan: Plan) => void;
  close: (code: number, reason: string) => void;
  failed: (error: unknown) => void;
}

/**
 * Keeps a bastion at the newest plan: all of it first, then what changed. It is woken by changes that were committed here,
 * and looks by itself for those of other replicas.
 */
export class PlanSender {
  readonly #sent = new Set<string>();
  #generation = -1;
  readonly #loop: WakingLoop;

  constructor(
    private readonly query: PlanQuery,
    private readonly target: PlanTarget,
  ) {
    this.#loop = new WakingLoop(() => this.#look(), target.failed);
  }

  /** Call it when the plan may have changed. */
  wake(): void {
    this.#loop.wake();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #look(): Promise<void> {
    const { bastionId, linkId } = this.target;
    // The generation is read before the servers: what is committed in between is sent twice rather than never.
    const head = await this.query.head(bastionId);
    if (this.#loop.stopped) return;
    if (head === undefined || head.revoked) {
      this.target.close(4401, 'the bastion was removed or revoked');
    } else if (head.linkReplica !== linkId) {
      this.target.close(CLOSE.replaced, 'another link of this bastion has taken over');
    } else if (head.generation > this.#generation) {
      await this.#send(head.generation);
    }
  }

  async #send(generation: number): Promise<void> {
    const full = this.#generation < 0;
    let first = true;
    let afterId: string | undefined;
    for (;;) {
      const servers = await this.query.changedSince(
        this.target.bastionId,
        this.#generation,
        afterId,
        SERVERS_A_PART,
      );
      for (const server of servers) this.#sent.add(server.serverId);
      const parts = servers.length === 0 && first && full ? [[]] : partsOf(servers);
      for (const part of parts) {
        this.target.send({ generation, full: full && first, servers: part, removed: [] });
        first = false;
      }
      afterId = servers.at(-1)?.serverId;
      if (servers.length < SERVERS_A_PART || this.#loop.stopped) break;
    }
    if (!full) await this.#sendRemoved(generation);
    this.#generation = generation;
  }

  /** Servers that were forgotten or went to another bastion leave no row to find: their number tells. */
  async #sendRemoved(generation: number): Promise<void> {
    const { bastionId } = this.target;
    if ((await this.query.countOf(bastionId)) >= this.#sent.size) return;
    const present = await this.query.idsOf(bastionId);
    const removed = [...this.#sent].filter((id) => !present.has(id));
    for (let from = 0; from < removed.length; from += SERVERS_A_PART) {
      const part = removed.slice(from, from + SERVERS_A_PART);
      this.target.send({ generation, full: false, servers: [], removed: part });
      for (const id of part) this.#sent.delete(id);
    }
  }
}
