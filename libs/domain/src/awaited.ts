import { isActive, type InstallState } from './lifecycle.js';
import { STAGES, STAGE_NAMES, type StageName, type StageState } from './stages.js';

/** How long a machine may take to netboot after its install was queued. */
export const BOOT_DEADLINE_SECONDS = 900;
/** How long nothing may be running between two stages. */
export const GAP_SECONDS = 300;

/** What an install waits for. */
export interface Awaited {
  /** `to finish the packages` */
  what: string;
  /** `the installer on the machine` */
  from: string;
  since: Date;
  /** After so long it is stuck. */
  deadlineSeconds: number;
  /** The stage that runs, or that ended last; null before the first. */
  stage: StageName | null;
}

/** How far an install is. */
export interface InstallProgress {
  state: InstallState;
  queuedAt: Date;
  stages: readonly StageTimes[];
}

export interface StageTimes {
  name: StageName;
  state: StageState;
  startedAt: Date | null;
  endedAt: Date | null;
}

const INSTALLER = 'the installer on the machine';
/** By the stage that runs, or that ended last; else it is the section that reports the stage. */
const AWAITED: Partial<Record<StageName, Pick<Awaited, 'from' | 'what'>>> = {
  boot: { from: INSTALLER, what: 'to fetch its kickstart' },
  kickstart: { from: INSTALLER, what: 'to begin with %pre' },
  partitioning: { from: INSTALLER, what: 'to finish partitioning' },
  packages: { from: INSTALLER, what: 'to finish the packages' },
  reboot: { from: 'the machine', what: 'to boot the system that was installed' },
  'first-boot': { from: 'the installed system', what: 'to report its first boot' },
};

/** Stages that have begun, the newest first. */
export function begunStages(stages: readonly StageTimes[]): StageTimes[] {
  const order = ({ name }: StageTimes): number => STAGE_NAMES.indexOf(name);
  return stages.filter(({ startedAt }) => startedAt !== null).sort((a, b) => order(b) - order(a));
}

/** What is awaited of a stage that runs, or of the one that has to follow it. */
export function awaitedOf(stage: StageName, isRunning: boolean): Pick<Awaited, 'from' | 'what'> {
  const { title, reporter } = STAGES[stage];
  return (
    AWAITED[stage] ?? {
      from: `the %${reporter} section on the machine`,
      what: isRunning ? `to end "${title}"` : `to go on after "${title}"`,
    }
  );
}

/** What an install waits for now; undefined once it has ended. */
export function awaitedIn({ state, queuedAt, stages }: InstallProgress): Awaited | undefined {
  if (!isActive(state)) return undefined;
  const begun = begunStages(stages);
  const running = begun.find((stage) => stage.state === 'running');
  const current = running ?? begun[0];
  if (current === undefined) {
    return {
      from: 'the machine',
      what: 'to netboot: power it on, with the network first in its boot order',
      since: queuedAt,
      deadlineSeconds: BOOT_DEADLINE_SECONDS,
      stage: null,
    };
  }
  return {
    ...awaitedOf(current.name, running !== undefined),
    since: (running === undefined ? current.endedAt : current.startedAt) ?? queuedAt,
    deadlineSeconds: running === undefined ? GAP_SECONDS : STAGES[current.name].deadlineSeconds,
    stage: current.name,
  };
}
