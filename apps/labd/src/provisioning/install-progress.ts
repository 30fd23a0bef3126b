import {
  STAGE_NAMES,
  STAGE_WITHIN,
  isActive,
  lifecycleEventOf,
  mayHaveTouched,
  touchesDisk,
  transition,
  type InstallState,
  type LifecycleEvent,
  type ServerPhase,
  type StageEvent,
  type StageName,
  type StageState,
} from '@lab/domain';
import type { InstallFailureDto } from './install.dto.js';

/** A stage of an install, as it is stored. */
export interface StageRecord {
  name: StageName;
  position: number;
  state: StageState;
  startedAt: Date | null;
  endedAt: Date | null;
  message: string | null;
  failure: InstallFailureDto | null;
  /** `stageRevision` of the install when it last changed. */
  revision: number;
}

/** An install with its server's phase: all that a report can change. */
export interface InstallRecord {
  phase: ServerPhase;
  phaseBefore: ServerPhase;
  state: InstallState;
  stageRevision: number;
  bootedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  failure: InstallFailureDto | null;
  /** In any of its boots. */
  kickstartFetchedAt: Date | null;
  /** When its disk was touched, or may have been: in any of its boots. */
  diskTouchedAt: Date | null;
  stages: readonly StageRecord[];
}

/** What a bastion reports of a stage. */
export interface StageReport {
  stage: StageName;
  event: StageEvent;
  at: Date;
  message: string | null;
  failure: Omit<InstallFailureDto, 'message' | 'diagnosis'> | null;
}

export type ProgressOutcome =
  | { applied: true; install: InstallRecord; event: LifecycleEvent | undefined }
  /** Late or repeated: of no effect any more. */
  | { applied: false; reason: string };

/** What a report makes of an install. Pure: the same reports in the same order give the same install. */
export function applyProgress(install: InstallRecord, report: StageReport): ProgressOutcome {
  if (install.state === 'cancelled' && touchesDisk(report.stage)) return wentOn(install, report);
  if (!isActive(install.state)) return { applied: false, reason: `the install is ${install.state}` };
  const book = new StageBook(install);
  book.report(report);
  const event = lifecycleEventOf(report.stage, report.event);
  const move =
    event === undefined
      ? undefined
      : transition({ phase: install.phase, install: install.state }, event, {
          phaseBefore: install.phaseBefore,
        });
  const changed = { ...install, ...diskFacts(install, report) };
  if (move?.accepted === true) {
    changed.phase = move.phase ?? install.phase;
    changed.state = move.install ?? install.state;
    if (event === 'boot-served') changed.bootedAt = report.at;
    if (event === 'pre-started') changed.startedAt ??= report.at;
    if (!isActive(changed.state)) {
      changed.finishedAt = report.at;
      book.close(changed.state === 'succeeded', report.at);
    }
    if (changed.state === 'failed') changed.failure = causeOf(report);
  }
  return {
    applied: true,
    install: { ...changed, stages: book.stages, stageRevision: book.revision },
    event: move?.accepted === true ? event : undefined,
  };
}

/** What a report tells of the disk. Written once: a later boot doesn't undo it. */
function diskFacts(
  { kickstartFetchedAt, diskTouchedAt, stages }: InstallRecord,
  { stage, event, at }: StageReport,
): Pick<InstallRecord, 'kickstartFetchedAt' | 'diskTouchedAt'> {
  const isFetched = STAGE_NAMES.indexOf(stage) >= STAGE_NAMES.indexOf('kickstart');
  // A machine that starts again had its kickstart, and then was silent for too long: what it did, nobody knows.
  const lastHeardAt = new Date(
    Math.max(0, ...stages.map(({ startedAt, endedAt }) => Math.max(Number(startedAt), Number(endedAt)))),
  );
  const isUnsure =
    stage === 'boot' &&
    event === 'started' &&
    mayHaveTouched({ kickstartFetchedAt, diskTouchedAt, lastHeardAt }, at);
  return {
    kickstartFetchedAt: kickstartFetchedAt ?? (isFetched ? at : null),
    diskTouchedAt: diskTouchedAt ?? (touchesDisk(stage) || isUnsure ? at : null),
  };
}

/** The install was cancelled as untouched, and its machine has gone on all the same: the server is not what it was. */
function wentOn(install: InstallRecord, report: StageReport): ProgressOutcome {
  const move = transition({ phase: install.phase, install: install.state }, 'disk-touched');
  if (!move.accepted) return { applied: false, reason: `the install is cancelled, and ${move.reason}` };
  const book = new StageBook(install);
  const message = 'The machine went on after the cancel: its disk is touched.';
  book.report({ ...report, event: 'failed', message });
  return {
    applied: true,
    install: {
      ...install,
      phase: move.phase ?? install.phase,
      diskTouchedAt: install.diskTouchedAt ?? report.at,
      stages: book.stages,
      stageRevision: book.revision,
    },
    event: 'disk-touched',
  };
}

const causeOf = (report: StageReport): InstallFailureDto => ({
  ...(report.failure ?? {
    section: null,
    stage: report.stage,
    line: null,
    command: null,
    exitCode: null,
    lastLines: [],
  }),
  message: report.message,
  diagnosis: null,
});

/** The stages of one install while a report is written into them. */
class StageBook {
  stages: StageRecord[];
  revision: number;

  constructor(install: InstallRecord) {
    this.stages = [...install.stages];
    this.revision = install.stageRevision;
  }

  report(report: StageReport): void {
    const { stage: name, event, at, message } = report;
    const stage = this.stages.find((candidate) => candidate.name === name);
    if (stage === undefined) return;
    this.#endBefore(stage, at);
    if (event === 'started') {
      if (name === 'boot') this.#beginAnew(stage);
      if (stage.state !== 'running') {
        this.#change(stage, { state: 'running', startedAt: at, endedAt: null, message, failure: null });
      } else if (message !== null && message !== stage.message) {
        // How far it is.
        this.#change(stage, { message });
      }
      return;
    }
    const ended = event === 'ended';
    if (ended && (stage.state === 'succeeded' || stage.state === 'failed')) return;
    if (ended) this.#endWithin(stage, at);
    this.#change(stage, {
      state: ended ? 'succeeded' : 'failed',
      startedAt: stage.startedAt ?? at,
      endedAt: at,
      message,
      failure: ended ? null : causeOf(report),
    });
  }

  /** At the install's end nothing runs any more. */
  close(succeeded: boolean, at: Date): void {
    for (const stage of this.#running()) {
      this.#change(stage, { state: succeeded ? 'succeeded' : 'failed', endedAt: at });
    }
  }

  /** Earlier stages that run are over, whether or not someone said so; but not the one that this runs within. */
  #endBefore(stage: StageRecord, at: Date): void {
    for (const earlier of this.#running()) {
      if (earlier.position < stage.position && earlier.name !== STAGE_WITHIN[stage.name]) {
        this.#change(earlier, { state: 'succeeded', endedAt: at });
      }
    }
  }

  #endWithin(stage: StageRecord, at: Date): void {
    for (const inner of this.#running()) {
      if (STAGE_WITHIN[inner.name] === stage.name) this.#change(inner, { state: 'succeeded', endedAt: at });
    }
  }

  /** The machine booted into the install once more: what came after is to come again. */
  #beginAnew(boot: StageRecord): void {
    for (const later of this.stages) {
      if (later.position > boot.position && later.startedAt !== null) {
        this.#change(later, {
          state: 'pending',
          startedAt: null,
          endedAt: null,
          message: null,
          failure: null,
        });
      }
    }
  }

  #running(): StageRecord[] {
    return this.stages.filter((stage) => stage.state === 'running');
  }

  #change(stage: StageRecord, change: Partial<StageRecord>): void {
    this.revision += 1;
    this.stages = this.stages.map((candidate) =>
      candidate.name === stage.name ? { ...candidate, ...change, revision: this.revision } : candidate,
    );
  }
}
