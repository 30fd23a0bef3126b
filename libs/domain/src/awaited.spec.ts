import { describe, expect, it } from '@jest/globals';
import { awaitedIn } from './awaited.js';

const at = (seconds: number): Date => new Date(Date.parse('2026-11-23T12:00:00Z') + seconds * 1000);
const stage = (name: 'post' | 'ssh' | 'kickstart' | 'disk', from: number, until: number | null) => ({
  name,
  state: until === null ? ('running' as const) : ('succeeded' as const),
  startedAt: at(from),
  endedAt: until === null ? null : at(until),
});
const awaited = (...stages: ReturnType<typeof stage>[]) =>
  awaitedIn({ state: 'installing', queuedAt: at(0), stages });

describe('what an install waits for', () => {
  it('is the machine, until it has netbooted', () => {
    expect(awaited()).toEqual({
      from: 'the machine',
      what: 'to netboot: power it on, with the network first in its boot order',
      since: at(0),
      deadlineSeconds: 900,
      stage: null,
    });
  });

  it('is the end of the innermost stage that runs', () => {
    expect(awaited(stage('post', 10, null), stage('ssh', 20, null))).toEqual({
      from: 'the %post section on the machine',
      what: 'to end "SSH"',
      since: at(20),
      deadlineSeconds: 60,
      stage: 'ssh',
    });
  });

  it('is what follows the last stage, when none runs', () => {
    expect(awaited(stage('kickstart', 5, 9))).toMatchObject({ what: 'to begin with %pre', since: at(9) });
    expect(awaited(stage('disk', 5, 9))).toMatchObject({ what: 'to go on after "Disk choice"' });
  });

  it('is nothing once it has ended', () => {
    expect(awaitedIn({ state: 'failed', queuedAt: at(0), stages: [] })).toBeUndefined();
  });
});
