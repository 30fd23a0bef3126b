import { stuckIn, stuckMessage, type Stuck, type UsualTime, type WatchedInstall } from '@lab/domain';
import type { ConditionDto } from '../servers/server.dto.js';

/** A link that is down for less is one that is just made again. */
const LINK_PATIENCE_MS = 30_000;

/** What the watchdog has to go by. */
export interface InstallToWatch extends Omit<WatchedInstall, 'linkedSince'> {
  profile: string;
  bastion: { name: string; linked: boolean; changedAt: Date } | null;
}

/** What is wrong with a server that is being installed. */
export type Trouble = { type: 'LinkLost'; since: Date; bastion: string } | { type: 'Stuck'; stuck: Stuck };

/** Pure. While the link is down nothing is known of the machine: that is said instead of what it may wait for. */
export function troubleOf(install: InstallToWatch, now: Date, silenceSeconds: number): Trouble | undefined {
  const { bastion } = install;
  if (bastion === null) return undefined;
  if (!bastion.linked) {
    const lost = now.getTime() - bastion.changedAt.getTime() > LINK_PATIENCE_MS;
    return lost ? { type: 'LinkLost', since: bastion.changedAt, bastion: bastion.name } : undefined;
  }
  const stuck = stuckIn({ ...install, linkedSince: bastion.changedAt }, now, silenceSeconds);
  return stuck === undefined ? undefined : { type: 'Stuck', stuck };
}

/** The condition as it is shown. The same trouble gives the same condition, however long it lasts. */
export function conditionOf(trouble: Trouble, usual: UsualTime | undefined): ConditionDto {
  if (trouble.type === 'LinkLost') {
    return {
      type: 'LinkLost',
      status: 'True',
      since: trouble.since.toISOString(),
      reason: 'BastionDisconnected',
      message: `The bastion ${trouble.bastion} is not connected since ${trouble.since.toISOString()}. The install may go on; what it reports is kept there and comes when the link is back.`,
    };
  }
  const { stuck } = trouble;
  return {
    type: 'Stuck',
    status: 'True',
    since: stuck.since.toISOString(),
    reason: stuck.reason,
    message: stuckMessage(stuck, usual),
  };
}

/** Whether a condition is already shown for this trouble. */
export const isSameTrouble = (condition: ConditionDto, trouble: Trouble): boolean =>
  trouble.type === 'LinkLost'
    ? condition.type === 'LinkLost' && condition.since === trouble.since.toISOString()
    : condition.type === 'Stuck' &&
      condition.reason === trouble.stuck.reason &&
      condition.since === trouble.stuck.since.toISOString();
