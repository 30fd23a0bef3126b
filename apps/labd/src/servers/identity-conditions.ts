import { IDENTITY_CONDITIONS, identityFindings, type Identified, type IdentityFinding } from '@lab/domain';
import { comparedOf, type MachineRecord } from './machine-record.js';
import type { RecordIndex } from './record-index.js';
import type { ConditionDto } from './server.dto.js';

type RefusalReason = Extract<Identified, { outcome: 'refused' }>['reason'];

const CONFLICT = 'IdentityConflict';
/** These state what was refused once, not what two records have in common now. */
const REFUSALS: readonly string[] = [
  'ForeignBastion',
  'OtherBastion',
  'TooManyClaims',
] satisfies RefusalReason[];
/** After so long without another refusal, in ms, a report of the server itself takes the statement back. */
const REFUSAL_STANDS_MS = 24 * 3_600_000;

/** The record with the conditions of its identity as they are now. Pure. */
export function restated(record: MachineRecord, records: RecordIndex, now: Date): MachineRecord {
  const others = [...records.related(record)].flatMap((id) => records.get(id) ?? []);
  const findings = identityFindings(comparedOf(record), others.map(comparedOf));
  const kept = record.conditions.filter(
    ({ type, reason }) => !IDENTITY_CONDITIONS.includes(type) || REFUSALS.includes(reason),
  );
  return {
    ...record,
    conditions: [...kept, ...findings.map((finding) => conditionOf(finding, record.conditions, now))],
  };
}

/** What a bastion said of the server and wasn't believed. The first that says so stands. */
export function withRefusal(
  record: MachineRecord,
  reason: RefusalReason,
  message: string,
  now: Date,
): MachineRecord {
  if (record.conditions.some((condition) => condition.type === CONFLICT && condition.reason === reason)) {
    return record;
  }
  const condition = conditionOf({ type: CONFLICT, reason, message }, record.conditions, now);
  return { ...record, conditions: [...record.conditions, condition] };
}

/** Refusals that are long past, or about an order that is over, once the server itself is heard of. */
export function withoutOldRefusals(
  conditions: readonly ConditionDto[],
  isOrdered: boolean,
  now: Date,
): readonly ConditionDto[] {
  return conditions.filter(({ type, reason, since }) => {
    if (type !== CONFLICT || !REFUSALS.includes(reason)) return true;
    if (reason === 'OtherBastion') return isOrdered;
    return now.getTime() - new Date(since).getTime() < REFUSAL_STANDS_MS;
  });
}

function conditionOf(
  { type, reason, message }: Pick<IdentityFinding, 'type' | 'message'> & { reason: string },
  before: readonly ConditionDto[],
  now: Date,
): ConditionDto {
  const old = before.find((condition) => condition.type === type && condition.reason === reason);
  const since = old?.since ?? now.toISOString();
  return { type, status: 'True', since, reason, message: message.slice(0, 1000) };
}
