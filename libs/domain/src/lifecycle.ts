/**
 * Where a server stands, and what may happen to it there. Data first: the table is the truth, `transition` only reads it.
 * labd runs it on every command and fact; a standalone bastion runs the same.
 */

/** `discovered`: seen, nothing asked · `provisioning`: an install is under way · `installed`: its first boot was heard · `failed`: its last install failed. */
export const SERVER_PHASES = ['discovered', 'provisioning', 'installed', 'failed'] as const;
export type ServerPhase = (typeof SERVER_PHASES)[number];

/**
 * `queued`: planned, the machine has not come for it · `booting`: its boot script was served · `installing`: `%pre` runs or ran ·
 * `finishing`: `%post` ended, the first boot is awaited · then how it ended.
 */
export const INSTALL_STATES = [
  'queued',
  'booting',
  'installing',
  'finishing',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type InstallState = (typeof INSTALL_STATES)[number];
export const ACTIVE_INSTALL_STATES = [
  'queued',
  'booting',
  'installing',
  'finishing',
] as const satisfies readonly InstallState[];
export type ActiveInstallState = (typeof ACTIVE_INSTALL_STATES)[number];
export const isActive = (state: InstallState): state is ActiveInstallState =>
  (ACTIVE_INSTALL_STATES as readonly InstallState[]).includes(state);

/** A server's position: its phase, and while it is provisioning the state of its install. `absent`: not known, or forgotten. */
export const POSITIONS = [
  'absent',
  'discovered',
  'queued',
  'booting',
  'installing',
  'finishing',
  'installed',
  'failed',
] as const;
export type Position = (typeof POSITIONS)[number];

/** Who may cause an event: a person through the API, or a fact that a bastion reported. */
export type Cause = 'operator' | 'fact';

export const EVENTS = {
  'machine-seen': 'fact',
  provision: 'operator',
  reprovision: 'operator',
  cancel: 'operator',
  forget: 'operator',
  'boot-served': 'fact',
  'pre-started': 'fact',
  'disk-touched': 'fact',
  'post-ended': 'fact',
  'first-boot-reported': 'fact',
  'install-failed': 'fact',
} as const satisfies Record<string, Cause>;
export type LifecycleEvent = keyof typeof EVENTS;

/** What has to be done along with a transition, in the same transaction. */
export type Effect =
  | 'create-server'
  | 'queue-install'
  | 'install-succeeded'
  | 'install-failed'
  | 'install-cancelled'
  | 'delete-server';

interface Step {
  /**
   * `before`: back to the phase that the server had when the install was queued, for its disk is untouched.
   * `before-unless-touched`: the same, unless the disk was or may have been touched (`mayHaveTouched`): then it is failed.
   */
  to: Position | 'before' | 'before-unless-touched';
  effects?: readonly Effect[];
}

const seen = (to: Position): Step => ({ to });
const failed: Step = { to: 'failed', effects: ['install-failed'] };
const queue: Step = { to: 'queued', effects: ['queue-install'] };
const gone: Step = { to: 'absent', effects: ['delete-server'] };
const succeeded: Step = { to: 'installed', effects: ['install-succeeded'] };
const cancelledUntouched: Step = { to: 'before', effects: ['install-cancelled'] };
const cancelledInTime: Step = { to: 'before-unless-touched', effects: ['install-cancelled'] };
const cancelledHalfway: Step = { to: 'failed', effects: ['install-cancelled'] };

/** What was cancelled as untouched went on: its last reports were lost, or came late. Only such an install's facts count here. */
const touchedAfterAll: Step = { to: 'failed' };

/** Events may be skipped (a report lost with its machine), never undone: each later report carries the install forward. */
export const LIFECYCLE = {
  absent: { 'machine-seen': { to: 'discovered', effects: ['create-server'] } },
  discovered: {
    'machine-seen': seen('discovered'),
    provision: queue,
    forget: gone,
    'disk-touched': touchedAfterAll,
  },
  queued: {
    'machine-seen': seen('queued'),
    cancel: cancelledUntouched,
    'boot-served': { to: 'booting' },
    'pre-started': { to: 'installing' },
    'disk-touched': { to: 'installing' },
    'install-failed': failed,
  },
  booting: {
    'machine-seen': seen('booting'),
    cancel: cancelledInTime,
    'boot-served': { to: 'booting' },
    'pre-started': { to: 'installing' },
    'disk-touched': { to: 'installing' },
    'post-ended': { to: 'finishing' },
    'first-boot-reported': succeeded,
    'install-failed': failed,
  },
  installing: {
    'machine-seen': seen('installing'),
    cancel: cancelledInTime,
    'boot-served': { to: 'booting' },
    'pre-started': { to: 'installing' },
    'disk-touched': { to: 'installing' },
    'post-ended': { to: 'finishing' },
    'first-boot-reported': succeeded,
    'install-failed': failed,
  },
  finishing: {
    'machine-seen': seen('finishing'),
    cancel: cancelledHalfway,
    'disk-touched': { to: 'finishing' },
    'first-boot-reported': succeeded,
    'install-failed': failed,
  },
  installed: {
    'machine-seen': seen('installed'),
    reprovision: queue,
    forget: gone,
    'disk-touched': touchedAfterAll,
  },
  failed: { 'machine-seen': seen('failed'), provision: queue, reprovision: queue, forget: gone },
} as const satisfies Record<Position, Partial<Record<LifecycleEvent, Step>>>;

/** The phase and install state that make up a position. */
export interface LifecycleState {
  phase: ServerPhase;
  /** State of the newest install; null if there never was one. */
  install: InstallState | null;
}

/** Where a server with that phase and newest install stands; undefined is a server that isn't known. */
export function positionOf(state: LifecycleState | undefined): Position {
  if (state === undefined) return 'absent';
  if (state.phase !== 'provisioning') return state.phase;
  return state.install !== null && isActive(state.install) ? state.install : 'queued';
}

export interface Accepted {
  accepted: true;
  to: Position;
  phase: ServerPhase | null;
  /** The install's next state; null if the event doesn't touch an install. */
  install: InstallState | null;
  effects: readonly Effect[];
}

export interface Rejected {
  accepted: false;
  reason: string;
  hint: string;
}

const HINTS: Record<Position, string> = {
  absent: 'Boot the machine over the network so that a bastion discovers it.',
  discovered: 'Use provision: the server has no system yet.',
  queued: 'Wait for the install, or cancel it.',
  booting: 'Wait for the install, or cancel it.',
  installing: 'Wait for the install, or cancel it.',
  finishing: 'Wait for the first boot, or cancel the install.',
  installed: 'Use reprovision: the server has a system, and a new install erases it.',
  failed: "Look at the cause in the server's description, then reprovision.",
};

const REASONS: Record<Position, string> = {
  absent: 'the server is not known',
  discovered: 'the server is discovered and has no system',
  queued: 'an install is queued already',
  booting: 'an install is booting already',
  installing: 'an install is running already',
  finishing: 'an install is waiting for the first boot',
  installed: 'the server is installed already',
  failed: "the server's last install failed",
};

const INSTALL_AFTER: Partial<Record<Effect, InstallState>> = {
  'queue-install': 'queued',
  'install-succeeded': 'succeeded',
  'install-failed': 'failed',
  'install-cancelled': 'cancelled',
};

/**
 * What an event does to a server. `phaseBefore` is the phase in which the running install was queued; `touched`, whether its
 * disk was or may have been touched: without that fact, it was.
 * A rejected operator's event is an error for the caller; a rejected fact is late or repeated, and only recorded.
 */
export function transition(
  state: LifecycleState | undefined,
  event: LifecycleEvent,
  facts: { phaseBefore?: ServerPhase; touched?: boolean } = {},
): Accepted | Rejected {
  const position = positionOf(state);
  const steps: Partial<Record<LifecycleEvent, Step>> = LIFECYCLE[position];
  const step = steps[event];
  if (step === undefined) return { accepted: false, reason: REASONS[position], hint: HINTS[position] };

  const before =
    facts.phaseBefore === undefined || facts.phaseBefore === 'provisioning'
      ? 'discovered'
      : facts.phaseBefore;
  const unlessTouched = facts.touched === false ? before : 'failed';
  const to = step.to === 'before' ? before : step.to === 'before-unless-touched' ? unlessTouched : step.to;
  const effects = step.effects ?? [];
  const closing = effects.map((effect) => INSTALL_AFTER[effect]).find((next) => next !== undefined);
  return {
    accepted: true,
    to,
    phase: phaseOf(to),
    install: closing ?? (isInstallPosition(to) ? to : null),
    effects,
  };
}

const isInstallPosition = (position: Position): position is ActiveInstallState =>
  (ACTIVE_INSTALL_STATES as readonly string[]).includes(position);

/** The phase of a position; null for one that isn't known. */
export function phaseOf(position: Position): ServerPhase | null {
  if (position === 'absent') return null;
  return isInstallPosition(position) ? 'provisioning' : position;
}
