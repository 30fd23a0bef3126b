import { INSTALL_STATES, STAGES, isStageName } from '@lab/domain';
import type { InstallState } from '@lab/domain';
import type { InstallFailure, InstallStage, LogLine } from '../api/api-types.js';

/** What an install's event stream says. */
export type FollowEvent =
  | { type: 'stage'; stage: InstallStage }
  | { type: 'log'; line: LogLine }
  | { type: 'state'; state: InstallState; failure: InstallFailure | null };

/** Reads one server-sent event; undefined for a kind that this version does not know, or a malformed one. */
export function followEvent(name: string | undefined, data: string): FollowEvent | undefined {
  const value = record(jsonOrUndefined(data));
  if (value === undefined) return undefined;
  if (name === 'log') return logEvent(value);
  if (name === 'stage') return stageEvent(value);
  if (name === 'state') return stateEvent(value);
  return undefined;
}

function logEvent(value: Fields): FollowEvent | undefined {
  const number = value['number'];
  const text = value['text'];
  if (typeof number !== 'number' || typeof text !== 'string') return undefined;
  const at = textOf(value['at']) ?? '';
  return {
    type: 'log',
    line: { number, at, source: textOf(value['source']) ?? '', stage: textOf(value['stage']), text },
  };
}

function stageEvent(value: Fields): FollowEvent | undefined {
  const name = textOf(value['name']);
  const state = (['pending', 'running', 'succeeded', 'failed'] as const).find(
    (known) => known === value['state'],
  );
  if (name === null || state === undefined) return undefined;
  return {
    type: 'stage',
    stage: {
      name,
      title: textOf(value['title']) ?? (isStageName(name) ? STAGES[name].title : name),
      state,
      startedAt: textOf(value['startedAt']),
      endedAt: textOf(value['endedAt']),
      message: textOf(value['message']),
      failure: installFailure(value['failure']),
    },
  };
}

function stateEvent(value: Fields): FollowEvent | undefined {
  const state = INSTALL_STATES.find((known) => known === value['state']);
  return state === undefined
    ? undefined
    : { type: 'state', state, failure: installFailure(value['failure']) };
}

/** A failure as labd states it; null for anything else. */
export function installFailure(value: unknown): InstallFailure | null {
  const fields = record(value);
  if (fields === undefined) return null;
  const lines = Array.isArray(fields['lastLines']) ? (fields['lastLines'] as unknown[]) : [];
  return {
    section: textOf(fields['section']),
    stage: textOf(fields['stage']) ?? '',
    line: numberOf(fields['line']),
    command: textOf(fields['command']),
    exitCode: numberOf(fields['exitCode']),
    lastLines: lines.filter((line): line is string => typeof line === 'string'),
    message: textOf(fields['message']),
    diagnosis: diagnosisOf(fields['diagnosis']),
  };
}

function diagnosisOf(value: unknown): InstallFailure['diagnosis'] {
  const fields = record(value);
  const cause = textOf(fields?.['cause']);
  if (fields === undefined || cause === null) return null;
  const evidence = Array.isArray(fields['evidence']) ? (fields['evidence'] as unknown[]) : [];
  return {
    rule: textOf(fields['rule']),
    certainty: CERTAINTIES.find((known) => known === fields['certainty']) ?? 'unknown',
    cause,
    explanation: textOf(fields['explanation']),
    next: textOf(fields['next']),
    runbook: textOf(fields['runbook']),
    evidence: evidence.flatMap((line) => {
      const { number, source, stage, text } = record(line) ?? {};
      return typeof text !== 'string'
        ? []
        : [{ number: numberOf(number), source: textOf(source) ?? '', stage: textOf(stage), text }];
    }),
  };
}

const CERTAINTIES = ['stated', 'likely', 'unknown'] as const;

type Fields = Record<string, unknown>;
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const record = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

function jsonOrUndefined(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
