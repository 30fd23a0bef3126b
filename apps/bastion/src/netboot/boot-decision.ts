import type { InstallPlan, ServerPlan } from '@lab/protocol';

/** How often an install is served again after its `%pre` has started, before it counts as a boot loop. */
export const MAX_RESERVES = 3;

export type BootAction = 'discover' | 'install' | 'local-disk';

/** What the bastion itself has seen of an install; it is newer than the plan while labd is away. */
export interface LocalInstall {
  outcome: 'active' | 'post-ended' | 'succeeded' | 'failed' | 'cancelled';
  preStarted: boolean;
  /** How often the install was served since its `%pre` first started. */
  servedAfterPre: number;
  /** What kept the last boot from getting as far as `%pre`, if that was seen. */
  bootTrouble: string | null;
}

export interface BootFacts {
  plan: ServerPlan | undefined;
  /** What is known of the plan's install here, if anything. */
  local: LocalInstall | undefined;
  /** Whether this bastion can install a profile. */
  hasProfile: (profile: string) => boolean;
}

/** `reason` says in words why, for the log and the person who looks at it. */
export type BootDecision =
  | { action: 'discover' | 'local-disk'; reason: string; failure?: never }
  | { action: 'install'; reason: string; install: InstallPlan; failure?: never }
  /** The install has failed just by this: the machine waits in discovery. */
  | {
      action: 'discover';
      reason: string;
      failure: { code: 'boot-loop' | 'boot-trouble' | 'no-profile'; message: string };
    };

/** Why the plan says to wait, or to start the disk. */
function reasonOf({ action, phase }: ServerPlan): string {
  if (phase === 'provisioning') return action === 'discover' ? 'its install has ended' : PAST_REBOOT;
  if (phase === 'discovered') return 'no install is planned';
  return phase === 'failed' ? 'its last install failed' : `the server is ${phase}`;
}

const PAST_REBOOT = 'the install is past its reboot';

/** What a machine that asks has to boot: the table of docs/machine-api.md. */
export function decideBoot({ plan, local, hasProfile }: BootFacts): BootDecision {
  if (plan === undefined) return { action: 'discover', reason: 'the machine is not known' };
  if (plan.action !== 'install') return { action: plan.action, reason: reasonOf(plan) };
  const { install } = plan;
  if (install === null) return { action: 'discover', reason: 'the plan names no install' };

  switch (local?.outcome) {
    case 'post-ended':
    case 'succeeded':
      return { action: 'local-disk', reason: PAST_REBOOT };
    case 'failed':
      return { action: 'discover', reason: 'the install failed' };
    case 'cancelled':
      return { action: 'discover', reason: 'the install was cancelled' };
    case 'active':
    case undefined:
      break;
  }
  switch (install.state) {
    case 'finishing':
    case 'succeeded':
      return { action: 'local-disk', reason: PAST_REBOOT };
    case 'failed':
    case 'cancelled':
      return { action: 'discover', reason: `the install is ${install.state}` };
    case 'queued':
    case 'booting':
    case 'installing':
      break;
  }
  const trouble = local?.bootTrouble ?? null;
  if (trouble !== null) {
    // It gave up and started again; the same boot would end the same way.
    return {
      action: 'discover',
      reason: 'boot-trouble',
      failure: { code: 'boot-trouble', message: trouble },
    };
  }
  if (local?.preStarted === true && local.servedAfterPre >= MAX_RESERVES) {
    const message = `boot-loop: the machine came back ${local.servedAfterPre + 1} times after its install had started`;
    return { action: 'discover', reason: 'boot-loop', failure: { code: 'boot-loop', message } };
  }
  if (!hasProfile(install.profile)) {
    const message = `no-profile: this bastion has no profile "${install.profile}"`;
    return { action: 'discover', reason: 'no-profile', failure: { code: 'no-profile', message } };
  }
  return { action: 'install', reason: 'an install is planned', install };
}
