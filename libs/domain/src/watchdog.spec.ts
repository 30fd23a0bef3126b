import { describe, expect, it } from '@jest/globals';
import { STAGES, STAGE_NAMES, type StageName } from './stages.js';
import { stuckIn, stuckMessage, type WatchedInstall } from './watchdog.js';

const START = Date.parse('2026-11-23T12:00:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1000);

const running = (name: StageName, since = 0) => ({
  name,
  state: 'running' as const,
  startedAt: at(since),
  endedAt: null,
});
const ended = (name: StageName, since: number, until: number) => ({
  name,
  state: 'succeeded' as const,
  startedAt: at(since),
  endedAt: at(until),
});
const install = (changes: Partial<WatchedInstall> = {}): WatchedInstall => ({
  state: 'installing',
  queuedAt: at(-60),
  lastHeardAt: at(0),
  linkedSince: at(-3600),
  stages: [],
  ...changes,
});

describe('stuckIn', () => {
  it('gives a queued install time to netboot', () => {
    const queued = install({ state: 'queued', queuedAt: at(0) });
    expect(stuckIn(queued, at(900))).toBeUndefined();
    expect(stuckIn(queued, at(901))).toEqual({ reason: 'NotBooting', since: at(0), stage: null });
  });

  it('notices silence of a machine that should speak, after three heartbeats', () => {
    const silent = install({ stages: [running('pre', -5), running('hardware', -4)] });
    expect(stuckIn(silent, at(55))).toBeUndefined();
    expect(stuckIn(silent, at(61))).toMatchObject({ reason: 'Silent', since: at(0), stage: 'hardware' });
  });

  it('notices it between two stages, too', () => {
    const silent = install({ stages: [ended('disk', -5, 10)] });
    expect(stuckIn(silent, at(65))).toBeUndefined();
    expect(stuckIn(silent, at(71))).toMatchObject({ reason: 'Silent', since: at(10), stage: 'disk' });
  });

  it('takes no silence from while the link was down', () => {
    const silent = install({ stages: [running('packages', -5)], linkedSince: at(100) });
    expect(stuckIn(silent, at(155))).toBeUndefined();
    expect(stuckIn(silent, at(161))).toMatchObject({ reason: 'Silent', since: at(100) });
  });

  it('does not ask for heartbeats while the machine boots', () => {
    const booting = install({ state: 'booting', lastHeardAt: null, stages: [running('boot')] });
    expect(stuckIn(booting, at(299))).toBeUndefined();
    expect(stuckIn(booting, at(301))).toMatchObject({ reason: 'StageOverdue', stage: 'boot' });
    const rebooting = install({ stages: [ended('post', 0, 10), running('reboot', 10)] });
    expect(stuckIn(rebooting, at(800))).toBeUndefined();
  });

  it.each(STAGE_NAMES)('%s is overdue after its deadline, heartbeats or not', (name) => {
    const { deadlineSeconds } = STAGES[name];
    const now = at(deadlineSeconds + 1);
    const late = install({ lastHeardAt: now, stages: [running(name)] });
    expect(stuckIn(late, at(deadlineSeconds - 1))?.reason).not.toBe('StageOverdue');
    expect(stuckIn(late, now)).toEqual({ reason: 'StageOverdue', since: at(0), stage: name });
  });

  it('notices when nothing follows', () => {
    const gap = install({ stages: [ended('kickstart', 0, 20)] });
    expect(stuckIn(gap, at(319))).toBeUndefined();
    expect(stuckIn(gap, at(321))).toEqual({ reason: 'NoProgress', since: at(20), stage: 'kickstart' });
  });
});

describe('stuckMessage', () => {
  it('says what is awaited, from whom, since when, and how long it usually takes', () => {
    const stuck = { reason: 'StageOverdue', since: at(0), stage: 'packages' } as const;
    expect(stuckMessage(stuck, { seconds: 412.4, installs: 7 })).toBe(
      '"Packages" has run since 2026-11-23T12:00:00.000Z; it usually takes 6m52s (median of 7 installs). Awaited: the installer on the machine, to finish the packages.',
    );
    expect(stuckMessage({ ...stuck, stage: 'ssh' }, undefined)).toContain(
      'expected to take 2s. Awaited: the %post section on the machine, to end "SSH".',
    );
    expect(stuckMessage({ ...stuck, reason: 'Silent' }, undefined)).toContain('speaks every 20 s');
    expect(stuckMessage({ reason: 'NotBooting', since: at(0), stage: null }, undefined)).toContain(
      'Power it on',
    );
  });
});
