import { describe, expect, it } from '@jest/globals';
import { INSTALL_STATES, type InstallState } from '@lab/domain';
import type { ServerPlan } from '@lab/protocol';
import { installPlan, serverPlan } from '../../test/bastion-fixture.js';
import { MAX_RESERVES, decideBoot, type BootAction, type LocalInstall } from './boot-decision.js';

const MAC = '52:54:00:12:34:56';
const decide = (plan: ServerPlan | undefined, local?: LocalInstall, profiles = ['fedora-43']) =>
  decideBoot({ plan, local, hasProfile: (name) => profiles.includes(name) });
const local = (over: Partial<LocalInstall> = {}): LocalInstall => ({
  outcome: 'active',
  preStarted: false,
  servedAfterPre: 0,
  bootTrouble: null,
  ...over,
});
const planned = (state: InstallState = 'queued'): ServerPlan =>
  serverPlan(MAC, { install: installPlan({ state }) });

describe('What a machine boots', () => {
  const table: [string, BootAction, ServerPlan | undefined, LocalInstall | undefined][] = [
    ['an unknown machine', 'discover', undefined, undefined],
    [
      'a discovered server without a plan',
      'discover',
      serverPlan(MAC, { action: 'discover', phase: 'discovered', install: null }),
      undefined,
    ],
    ['a server that is planned to be installed', 'install', planned(), undefined],
    ['one whose boot script was served already', 'install', planned('booting'), local()],
    [
      'one that lost its power in the middle of the install',
      'install',
      planned('installing'),
      local({ preStarted: true }),
    ],
    [
      'an installed server',
      'local-disk',
      serverPlan(MAC, { action: 'local-disk', phase: 'installed', install: null }),
      undefined,
    ],
    ['one whose install is past the reboot, by the plan', 'local-disk', planned('finishing'), undefined],
    [
      'one whose install is past the reboot, by what the bastion saw',
      'local-disk',
      planned(),
      local({ outcome: 'post-ended' }),
    ],
    [
      'one whose first boot the bastion heard of',
      'local-disk',
      planned('installing'),
      local({ outcome: 'succeeded' }),
    ],
    [
      'one that did not get as far as %pre, for a reason that was seen',
      'discover',
      planned('booting'),
      local({ bootTrouble: 'a file is not there' }),
    ],
    [
      'one whose install failed, by what the bastion saw',
      'discover',
      planned(),
      local({ outcome: 'failed' }),
    ],
    ['one whose install was cancelled here', 'discover', planned(), local({ outcome: 'cancelled' })],
    ['one whose install failed, by the plan', 'discover', planned('failed'), undefined],
    ['one whose install was cancelled, by the plan', 'discover', planned('cancelled'), undefined],
    ['one whose plan names no install', 'discover', serverPlan(MAC, { install: null }), undefined],
  ];
  it.each(table)('%s: %s', (_name, action, plan, known) => {
    expect(decide(plan, known).action).toBe(action);
  });

  it('is the install again after it has started, three times', () => {
    const known = local({ preStarted: true, servedAfterPre: MAX_RESERVES - 1 });
    expect(decide(planned('installing'), known).action).toBe('install');
  });

  it('is discovery with the reason boot-loop the time after', () => {
    const decision = decide(planned('installing'), local({ preStarted: true, servedAfterPre: MAX_RESERVES }));
    expect(decision).toMatchObject({ action: 'discover', failure: { code: 'boot-loop' } });
  });

  it('is never counted as a boot loop before the install has started', () => {
    expect(decide(planned(), local({ servedAfterPre: 99 })).action).toBe('install');
  });

  it('is discovery with a reason when the bastion lacks the profile', () => {
    expect(decide(planned(), undefined, [])).toMatchObject({
      action: 'discover',
      failure: { code: 'no-profile' },
    });
  });

  it('erases no disk in any state of an install but those before its reboot', () => {
    const installing = INSTALL_STATES.filter((state) => decide(planned(state)).action === 'install');
    expect(installing).toEqual(['queued', 'booting', 'installing']);
  });
});
