import type { LifecycleEvent } from './lifecycle.js';
import type { StageEvent, StageName } from './stages.js';

const MOVING: Partial<Record<StageName, Partial<Record<StageEvent, LifecycleEvent>>>> = {
  boot: { started: 'boot-served', ended: 'boot-served' },
  pre: { started: 'pre-started' },
  post: { ended: 'post-ended' },
  'first-boot': { ended: 'first-boot-reported' },
};

/** The life cycle's event that a report about a stage amounts to, if any. Every failed stage fails the install. */
export function lifecycleEventOf(stage: StageName, event: StageEvent): LifecycleEvent | undefined {
  return event === 'failed' ? 'install-failed' : MOVING[stage]?.[event];
}
