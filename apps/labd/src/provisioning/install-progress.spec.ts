import { STAGE_NAMES, type StageEvent, type StageName } from '@lab/domain';
import { describe, expect, it } from '@jest/globals';
import { applyProgress, type InstallRecord, type StageReport } from './install-progress.js';

const queued: InstallRecord = {
  phase: 'provisioning',
  phaseBefore: 'discovered',
  state: 'queued',
  stageRevision: 0,
  ...{ bootedAt: null, startedAt: null, finishedAt: null, failure: null },
  ...{ kickstartFetchedAt: null, diskTouchedAt: null },
  stages: STAGE_NAMES.map((name, position) => ({
    ...{ name, position, state: 'pending' as const, revision: 0 },
    ...{ startedAt: null, endedAt: null, message: null, failure: null },
  })),
};

let second = 0;
const report = (stage: StageName, event: StageEvent, extra: Partial<StageReport> = {}): StageReport => ({
  ...{ stage, event, at: new Date(Date.UTC(2026, 10, 22, 10, 0, second++)), message: null, failure: null },
  ...extra,
});

function after(...steps: [StageName, StageEvent][]): InstallRecord {
  return steps.reduce((install, [stage, event]) => {
    const outcome = applyProgress(install, report(stage, event));
    return outcome.applied ? outcome.install : install;
  }, queued);
}
const states = (install: InstallRecord): Partial<Record<StageName, string>> =>
  Object.fromEntries(
    install.stages.filter(({ state }) => state !== 'pending').map(({ name, state }) => [name, state]),
  );

describe('progress of an install', () => {
  it('keeps the start of a stage that says how far it is', () => {
    const begun = after(['boot', 'started'], ['pre', 'started'], ['packages', 'started']);
    const outcome = applyProgress(begun, report('packages', 'started', { message: '3 of 9: bash' }));
    const stage = (install: InstallRecord) => install.stages.find(({ name }) => name === 'packages');
    if (!outcome.applied) throw new Error(outcome.reason);
    expect(stage(outcome.install)).toMatchObject({ state: 'running', message: '3 of 9: bash' });
    expect(stage(outcome.install)?.startedAt).toEqual(stage(begun)?.startedAt);
    expect(outcome.install.stageRevision).toBe(begun.stageRevision + 1);
  });

  it('ends a stage when the next main one starts, but not the section that it runs within', () => {
    const install = after(
      ['boot', 'started'],
      ['kickstart', 'started'],
      ['pre', 'started'],
      ['hardware', 'started'],
      ['disk', 'started'],
    );
    expect(states(install)).toEqual({
      ...{ boot: 'succeeded', kickstart: 'succeeded', pre: 'running' },
      ...{ hardware: 'succeeded', disk: 'running' },
    });
    expect(install.state).toBe('installing');
  });

  it('ends what runs within a section when the section ends', () => {
    expect(states(after(['pre', 'started'], ['disk', 'started'], ['pre', 'ended']))).toEqual({
      pre: 'succeeded',
      disk: 'succeeded',
    });
  });

  it('leaves nothing running when an install fails, and states the cause', () => {
    const outcome = applyProgress(
      after(['pre', 'started'], ['disk', 'started']),
      report('disk', 'failed', { message: 'No disk.' }),
    );
    if (!outcome.applied) throw new Error(outcome.reason);
    expect(states(outcome.install)).toEqual({ pre: 'failed', disk: 'failed' });
    expect(outcome.install).toMatchObject({
      phase: 'failed',
      state: 'failed',
      failure: { stage: 'disk', message: 'No disk.' },
    });
    expect(outcome.install.finishedAt).toBeInstanceOf(Date);
  });

  it('succeeds with the first boot only', () => {
    const finishing = after(
      ['boot', 'started'],
      ['pre', 'started'],
      ['post', 'started'],
      ['post', 'ended'],
      ['reboot', 'started'],
    );
    expect(finishing).toMatchObject({ phase: 'provisioning', state: 'finishing' });
    const outcome = applyProgress(finishing, report('first-boot', 'ended'));
    expect(outcome).toMatchObject({
      applied: true,
      event: 'first-boot-reported',
      install: { phase: 'installed', state: 'succeeded' },
    });
  });

  it('is not changed by what comes after its end', () => {
    const failed = after(['pre', 'started'], ['pre', 'failed']);
    expect(applyProgress(failed, report('packages', 'started'))).toEqual({
      applied: false,
      reason: 'the install is failed',
    });
  });

  it('starts over when the machine boots into the install once more', () => {
    const install = after(['boot', 'started'], ['pre', 'started'], ['disk', 'started'], ['boot', 'started']);
    expect(states(install)).toEqual({ boot: 'running' });
  });

  it('gives every change of a stage a revision of its own', () => {
    const install = after(['boot', 'started'], ['pre', 'started'], ['disk', 'started']);
    const revisions = install.stages.map(({ revision }) => revision).filter((revision) => revision > 0);
    expect(new Set(revisions).size).toBe(revisions.length);
    expect(install.stageRevision).toBe(Math.max(...revisions));
  });

  it('takes a repeated report as one', () => {
    const once = after(['boot', 'started'], ['pre', 'started'], ['disk', 'started'], ['disk', 'ended']);
    const outcome = applyProgress(once, report('disk', 'ended'));
    expect(outcome.applied && outcome.install.stages).toEqual(once.stages);
  });
});
