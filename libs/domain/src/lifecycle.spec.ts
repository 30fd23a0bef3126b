import { describe, expect, it } from '@jest/globals';
import {
  EVENTS,
  INSTALL_STATES,
  LIFECYCLE,
  POSITIONS,
  isActive,
  positionOf,
  transition,
  type LifecycleEvent,
  type LifecycleState,
  type Position,
} from './lifecycle.js';
import { lifecycleEventOf } from './stage-events.js';
import { STAGE_NAMES } from './stages.js';

const ALL_EVENTS = Object.keys(EVENTS) as LifecycleEvent[];
const NEWEST_INSTALL: Record<Exclude<Position, 'absent'>, LifecycleState> = {
  discovered: { phase: 'discovered', install: null },
  queued: { phase: 'provisioning', install: 'queued' },
  booting: { phase: 'provisioning', install: 'booting' },
  installing: { phase: 'provisioning', install: 'installing' },
  finishing: { phase: 'provisioning', install: 'finishing' },
  installed: { phase: 'installed', install: 'succeeded' },
  failed: { phase: 'failed', install: 'failed' },
};
const at = (position: Position): LifecycleState | undefined =>
  position === 'absent' ? undefined : NEWEST_INSTALL[position];

/** What each event leads to from each position; `-` is a rejection. Columns are POSITIONS in order. */
const EXPECTED: Record<LifecycleEvent, string> = {
  'machine-seen': 'discovered discovered queued booting installing finishing installed failed',
  provision: '- queued - - - - - queued',
  reprovision: '- - - - - - queued queued',
  cancel: '- - installed installed installed failed - -',
  forget: '- absent - - - - absent absent',
  'boot-served': '- - booting booting booting - - -',
  'pre-started': '- - installing installing installing - - -',
  'disk-touched': '- failed installing installing installing finishing failed -',
  'post-ended': '- - - finishing finishing - - -',
  'first-boot-reported': '- - - installed installed installed - -',
  'install-failed': '- - failed failed failed failed - -',
};

describe('the life cycle', () => {
  it.each(
    ALL_EVENTS.flatMap((event) =>
      POSITIONS.map((position, index) => ({ event, position, to: EXPECTED[event].split(' ')[index] })),
    ),
  )('$event at $position leads to $to', ({ event, position, to }) => {
    const result = transition(at(position), event, { phaseBefore: 'installed', touched: false });
    expect(result.accepted ? result.to : '-').toBe(to);
    if (!result.accepted) {
      expect(result.reason).not.toBe('');
      expect(result.hint).toMatch(/\.$/);
    }
  });

  it('reaches every position from a machine that nobody knows', () => {
    const reached = new Set<Position>(['absent']);
    for (const position of reached) {
      for (const event of ALL_EVENTS) {
        const result = transition(at(position), event, {});
        if (result.accepted) reached.add(result.to);
      }
    }
    expect([...reached].sort()).toEqual([...POSITIONS].sort());
  });

  it.each(POSITIONS)('has a way from %s to installed and to being forgotten: no trap', (start) => {
    const reached = new Set<Position>([start]);
    for (const position of reached) {
      for (const event of ALL_EVENTS) {
        const result = transition(at(position), event, {});
        if (result.accepted) reached.add(result.to);
      }
    }
    expect(reached).toContain('installed');
    expect(reached).toContain('absent');
  });

  it('closes the install exactly when the server leaves provisioning', () => {
    for (const position of POSITIONS) {
      for (const [event] of Object.entries(LIFECYCLE[position])) {
        // Its install is closed already: the cancel did that.
        if (event === 'disk-touched' && at(position)?.phase !== 'provisioning') continue;
        const result = transition(at(position), event as LifecycleEvent, {});
        if (!result.accepted) throw new Error('an event of the table was rejected');
        const wasActive = at(position)?.phase === 'provisioning';
        if (result.phase === 'provisioning')
          expect(result.install !== null && isActive(result.install)).toBe(true);
        else expect(result.install === null).toBe(!wasActive);
      }
    }
  });

  it.each(
    ALL_EVENTS.flatMap((event) =>
      POSITIONS.map((position, index) => ({ event, position, untouched: EXPECTED[event].split(' ')[index] })),
    ),
  )(
    '$event at $position with a disk that may be touched: a cancel fails it, all else is the same',
    (each) => {
      const { event, position, untouched } = each;
      const isLate = event === 'cancel' && ['booting', 'installing'].includes(position);
      for (const touched of [true, undefined]) {
        const result = transition(at(position), event, {
          phaseBefore: 'installed',
          ...(touched !== undefined && { touched }),
        });
        expect(result.accepted ? result.to : '-').toBe(isLate ? 'failed' : untouched);
      }
    },
  );

  it('returns a cancelled install to the phase before it as long as the disk is untouched', () => {
    const queued: LifecycleState = { phase: 'provisioning', install: 'queued' };
    expect(transition(queued, 'cancel', { phaseBefore: 'installed' })).toMatchObject({
      phase: 'installed',
      install: 'cancelled',
    });
    expect(transition(queued, 'cancel', { phaseBefore: 'discovered' })).toMatchObject({
      phase: 'discovered',
    });
    expect(
      transition({ phase: 'provisioning', install: 'installing' }, 'cancel', { phaseBefore: 'installed' }),
    ).toMatchObject({
      phase: 'failed',
      install: 'cancelled',
    });
  });

  it('knows a position for every phase and install state', () => {
    for (const install of [...INSTALL_STATES, null]) {
      expect(POSITIONS).toContain(positionOf({ phase: 'provisioning', install }));
    }
  });

  it('is moved by the stages: boot, %pre, %post, first boot, and any failure', () => {
    const moving = STAGE_NAMES.flatMap((stage) =>
      (['started', 'ended'] as const).flatMap((event) => {
        const moves = lifecycleEventOf(stage, event);
        return moves === undefined ? [] : [`${stage} ${event}: ${moves}`];
      }),
    );
    expect(moving).toEqual([
      'boot started: boot-served',
      'boot ended: boot-served',
      'pre started: pre-started',
      ...['partitioning', 'packages'].flatMap((stage) => [
        `${stage} started: disk-touched`,
        `${stage} ended: disk-touched`,
      ]),
      'post started: disk-touched',
      'post ended: post-ended',
      ...STAGE_NAMES.slice(STAGE_NAMES.indexOf('bootloader'), STAGE_NAMES.indexOf('first-boot')).flatMap(
        (stage) => [`${stage} started: disk-touched`, `${stage} ended: disk-touched`],
      ),
      'first-boot started: disk-touched',
      'first-boot ended: first-boot-reported',
    ]);
    for (const stage of STAGE_NAMES) expect(lifecycleEventOf(stage, 'failed')).toBe('install-failed');
  });
});
