/**
 * How long a machine waits at the end of `%pre` for a bastion that doesn't answer, before it touches its disk without having
 * been told to go on, in seconds (`LAB_GATE_SECONDS` in observe.sh).
 */
export const GATE_SECONDS = 60;
/** What may lie between what a machine did and our hearing of it, in seconds: a heartbeat is told on every five. */
const HEARSAY_SECONDS = 10;

/** What is known of an install, as far as it tells whether its disk is still what it was. */
export interface DiskTouchFacts {
  /** When `partitioning` or a later stage was first reported, in any of its boots. */
  diskTouchedAt: Date | null;
  /** When the kickstart was first fetched, in any of its boots. Without it nothing can have been touched. */
  kickstartFetchedAt: Date | null;
  /** When the bastion last heard of the machine, whatever it was. */
  lastHeardAt: Date | null;
}

/**
 * Whether the disk of an install was touched, or may have been. A machine that the bastion has heard of can't have gone on
 * without its leave for `GATE_SECONDS`; after so much silence its report may just be lost, and then the worse is assumed.
 */
export function mayHaveTouched(facts: DiskTouchFacts, now: Date): boolean {
  if (facts.diskTouchedAt !== null) return true;
  if (facts.kickstartFetchedAt === null) return false;
  const heard = Math.max(facts.kickstartFetchedAt.getTime(), facts.lastHeardAt?.getTime() ?? 0);
  return now.getTime() - heard > (GATE_SECONDS - HEARSAY_SECONDS) * 1000;
}
