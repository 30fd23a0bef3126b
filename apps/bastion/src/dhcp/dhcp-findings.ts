import type { Clock } from '@lab/domain';

interface Finding {
  text: string;
  firstAt: number;
  lastAt: number;
}

const MAX_FINDINGS = 16;

/** What dnsmasq complained of last. */
export class DhcpFindings {
  /** In the order in which they were last said. */
  #findings = new Map<string, Finding>();

  constructor(private readonly clock: Clock) {}

  add(text: string): void {
    const now = this.clock.now();
    const firstAt = this.#findings.get(text)?.firstAt ?? now;
    this.#findings.delete(text);
    this.#findings.set(text, { text, firstAt, lastAt: now });
    const [oldest] = this.#findings.keys();
    if (this.#findings.size > MAX_FINDINGS && oldest !== undefined) this.#findings.delete(oldest);
  }

  /** The newest one within the last so many ms; when it was first said, in ms since the epoch. */
  within(ms: number): { text: string; since: number } | null {
    const newest = [...this.#findings.values()].at(-1);
    if (newest === undefined || this.clock.now() - newest.lastAt > ms) return null;
    return { text: newest.text, since: newest.firstAt };
  }
}
