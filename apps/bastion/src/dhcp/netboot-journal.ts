import { printable, type Clock, type MacAddress } from '@lab/domain';
import { MAX_NETBOOT_EVENTS, type Netboot, type NetbootEvent } from '@lab/protocol';
import { TokenBucket } from '../discovery/token-bucket.js';

export type NetbootEventPart = Pick<NetbootEvent, 'type' | 'text'> & { address?: string | null };

interface Kept {
  event: NetbootEvent;
  /** Its text without how often. */
  base: string;
  count: number;
}

interface Machine {
  events: Kept[];
  /** Number of its last change. */
  changed: number;
}

/** So many machines are kept; of those that nobody planned anything for, the one that was silent longest goes first. */
const MAX_MACHINES = 1_000;
/** The same again within so many events is counted, not written again: a machine that asks in a loop fills nothing. */
const LOOK_BACK = 6;
/** A flood of invented MAC addresses costs no more than this; events beyond it are lost. */
const RATE = { burst: 5_000, perMinute: 30_000 };
const MAX_TEXT = 400;

export interface NetbootJournalParts {
  /** Whether there is a plan for the machine: then it isn't forgotten for one that nobody knows. */
  isKnown: (mac: MacAddress) => boolean;
  clock: Clock;
}

type Listener = (mac: MacAddress, event: NetbootEvent, count: number) => void;

/** The newest events of machines on their way from power-on to their kernel. In memory: labd has what was told. */
export class NetbootJournal {
  /** In the order of their last event. */
  #machines = new Map<MacAddress, Machine>();
  #changes = 0;
  #listeners = new Set<Listener>();
  readonly #bucket: TokenBucket;

  constructor(private readonly parts: NetbootJournalParts) {
    this.#bucket = new TokenBucket(RATE, parts.clock.now());
  }

  /** Calls back after each event, with how often it has now happened. */
  onEvent(listener: Listener): void {
    this.#listeners.add(listener);
  }

  add(mac: MacAddress, { type, text, address = null }: NetbootEventPart): void {
    const now = this.parts.clock.now();
    if (!this.#bucket.has(now)) return;
    this.#bucket.take();
    const machine = this.#machines.get(mac) ?? { events: [], changed: 0 };
    const base = cleaned(text);
    const again = sameBoot(machine.events, type).find(
      (kept) => kept.base === base && kept.event.type === type && kept.event.address === address,
    );
    const count = (again?.count ?? 0) + 1;
    const event: NetbootEvent = {
      at: new Date(now).toISOString(),
      type,
      address,
      text: count === 1 ? base : `${base} (${count} times)`,
    };
    const others = machine.events.filter((kept) => kept !== again);
    this.#changes += 1;
    this.#machines.delete(mac);
    this.#machines.set(mac, {
      events: [...others, { event, base, count }].slice(-MAX_NETBOOT_EVENTS),
      changed: this.#changes,
    });
    this.#makeRoom(mac);
    for (const listener of this.#listeners) listener(mac, event, count);
  }

  of(mac: MacAddress): NetbootEvent[] {
    return this.#machines.get(mac)?.events.map(({ event }) => event) ?? [];
  }

  /** The machines with news since that change; 0: all. And the number to ask with next time. */
  since(change: number): { machines: Netboot['machines']; change: number } {
    const machines = [...this.#machines]
      .filter(([, { changed }]) => changed > change)
      .map(([mac]) => ({ mac, events: this.of(mac) }));
    return { machines, change: this.#changes };
  }

  #makeRoom(newest: MacAddress): void {
    if (this.#machines.size <= MAX_MACHINES) return;
    let oldest: MacAddress | undefined;
    for (const mac of this.#machines.keys()) {
      if (mac === newest) continue;
      oldest ??= mac;
      if (this.parts.isKnown(mac)) continue;
      this.#machines.delete(mac);
      return;
    }
    if (oldest !== undefined) this.#machines.delete(oldest);
  }
}

/** What the newest event may be a repeat of: a decision ends a boot, and the next boot's events are events of their own. */
function sameBoot(events: readonly Kept[], type: NetbootEvent['type']): readonly Kept[] {
  if (type === 'decision') return events.slice(-1);
  const recent = events.slice(-LOOK_BACK);
  return recent.slice(recent.findLastIndex(({ event }) => event.type === 'decision') + 1);
}

/** Host names, file names and messages are a stranger's. */
const cleaned = (text: string): string =>
  [...text.slice(0, MAX_TEXT).matchAll(/.{1,80}/gsu)].map(([part]) => printable(part)).join('');
