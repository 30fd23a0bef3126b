import type { LifecycleEvent } from './lifecycle.js';
import { STAGE_NAMES, type StageEvent, type StageName } from './stages.js';

const MOVING: Partial<Record<StageName, Partial<Record<StageEvent, LifecycleEvent>>>> = {
  boot: { started: 'boot-served', ended: 'boot-served' },
  pre: { started: 'pre-started' },
  post: { ended: 'post-ended' },
  'first-boot': { ended: 'first-boot-reported' },
};

/**
 * The stage whose start says that the disk is no longer what it was. The machine reports it at the end of `%pre`, before the
 * installer's first destructive command, and waits for the answer: whoever is cancelled by then goes no further
 * (`bastion-assets/kickstart/observe.sh`).
 */
export const DISK_TOUCHED_BY: StageName = 'partitioning';

/** Whether word of a stage means that the disk was touched: it is that stage, or comes after it. */
export const touchesDisk = (stage: StageName): boolean =>
  STAGE_NAMES.indexOf(stage) >= STAGE_NAMES.indexOf(DISK_TOUCHED_BY);

/** The life cycle's event that a report about a stage amounts to, if any. Every failed stage fails the install. */
export function lifecycleEventOf(stage: StageName, event: StageEvent): LifecycleEvent | undefined {
  if (event === 'failed') return 'install-failed';
  return MOVING[stage]?.[event] ?? (touchesDisk(stage) ? 'disk-touched' : undefined);
}
