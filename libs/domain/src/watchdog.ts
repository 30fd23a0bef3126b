import type { ConditionType } from './conditions.js';
import {
  BOOT_DEADLINE_SECONDS,
  GAP_SECONDS,
  awaitedOf,
  begunStages,
  type InstallProgress,
} from './awaited.js';
import { STAGES, STAGE_NAMES, type StageName } from './stages.js';

/** While its sections run, a machine that has nothing to say says so this often. */
export const HEARTBEAT_SECONDS = 20;
/** After so much silence something is wrong, unless labd is told otherwise: three heartbeats. */
export const SILENCE_SECONDS = 60;

/** The conditions that the watchdog writes, and takes back. */
export const WATCHED_CONDITIONS: readonly string[] = ['Stuck', 'LinkLost'] satisfies ConditionType[];
/** Those that end with the install. `DiskMismatch` stands from the order on. */
export const INSTALL_CONDITIONS: readonly string[] = [...WATCHED_CONDITIONS, 'DiskMismatch'];

/** An install as the watchdog sees it. */
export interface WatchedInstall extends InstallProgress {
  /** When the bastion last heard of the machine, whatever it was. */
  lastHeardAt: Date | null;
  /** Since when the bastion's link is up: before that, silence proves nothing. */
  linkedSince: Date;
}

/** What an install waits for in vain. */
export interface Stuck {
  reason: 'NotBooting' | 'Silent' | 'StageOverdue' | 'NoProgress';
  /** Since when it is waited for. */
  since: Date;
  stage: StageName | null;
}

/** How long a stage took in the past, in seconds. */
export interface UsualTime {
  seconds: number;
  /** Installs that this is the median of. */
  installs: number;
}

/** Stages in which the machine runs the streamer, and so is heard of. */
const SPEAKING: ReadonlySet<StageName> = new Set(
  STAGE_NAMES.filter((name) => ['pre', 'pre-install', 'post'].includes(STAGES[name].reporter)),
);

/** Whether an install is stuck, and in what. Silence comes first: it says more than a stage that takes long. */
export function stuckIn(
  install: WatchedInstall,
  now: Date,
  silenceSeconds = SILENCE_SECONDS,
): Stuck | undefined {
  const late = (since: Date, seconds: number): boolean => now.getTime() - since.getTime() > seconds * 1000;
  if (install.state === 'queued') {
    return late(install.queuedAt, BOOT_DEADLINE_SECONDS)
      ? { reason: 'NotBooting', since: install.queuedAt, stage: null }
      : undefined;
  }
  const begun = begunStages(install.stages);
  const running = begun.filter(({ state }) => state === 'running');
  const [newest] = begun;
  // Between two stages it speaks, too.
  const current = running[0] ?? newest;
  if (current !== undefined && SPEAKING.has(current.name)) {
    const heard = later(install.lastHeardAt, current.startedAt, current.endedAt, install.linkedSince);
    if (late(heard, silenceSeconds)) return { reason: 'Silent', since: heard, stage: current.name };
  }
  for (const { name, startedAt } of running) {
    if (startedAt !== null && late(startedAt, STAGES[name].deadlineSeconds)) {
      return { reason: 'StageOverdue', since: startedAt, stage: name };
    }
  }
  if (running.length === 0 && newest !== undefined) {
    const since = newest.endedAt ?? install.queuedAt;
    if (late(since, GAP_SECONDS)) return { reason: 'NoProgress', since, stage: newest.name };
  }
  return undefined;
}

const later = (...dates: (Date | null)[]): Date =>
  new Date(Math.max(...dates.map((date) => date?.getTime() ?? 0)));

/** What is awaited, from whom, since when, and how long that usually takes. Does not change while it is waited. */
export function stuckMessage({ reason, since, stage }: Stuck, usual: UsualTime | undefined): string {
  const from = `since ${since.toISOString()}`;
  if (stage === null) {
    return `The machine has not netbooted ${from}, when its install was queued. Power it on, with the network first in its boot order.`;
  }
  const { title, expectedSeconds } = STAGES[stage];
  const long =
    usual === undefined
      ? `is expected to take ${duration(expectedSeconds)}`
      : `usually takes ${duration(usual.seconds)} (median of ${usual.installs} ${usual.installs === 1 ? 'install' : 'installs'})`;
  const { from: whom, what } = awaitedOf(stage, reason === 'StageOverdue');
  switch (reason) {
    case 'Silent':
      return `Nothing was heard of the machine ${from}, though it speaks every ${HEARTBEAT_SECONDS} s. It was in "${title}", which ${long}. It has lost power or its network, or its kernel hangs: look at its console.`;
    case 'StageOverdue':
      return `"${title}" has run ${from}; it ${long}. Awaited: ${whom}, ${what}.`;
    default:
      return `Nothing has begun ${from}, when "${title}" had ended. Awaited: ${whom}, ${what}.`;
  }
}

function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  return whole % 60 === 0 ? `${whole / 60}m` : `${Math.floor(whole / 60)}m${whole % 60}s`;
}
