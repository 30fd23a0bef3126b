import type { SpooledFact } from '@lab/protocol';

/** What one transaction takes on: it should end in well under a second. */
const MOST_WEIGHT = 2000;

/** Roughly the rows that a fact writes. */
const weightOf = ({ fact }: SpooledFact): number => {
  switch (fact.type) {
    case 'bastion-state-sync':
      return fact.payload.machines.length * 5;
    case 'bastion-progress':
      return 4;
    case 'bastion-log':
      return fact.payload.lines.length;
  }
};

/** Facts in their order, cut into batches that each are one transaction. */
export function* inBatches(facts: readonly SpooledFact[]): Generator<readonly SpooledFact[]> {
  let batch: SpooledFact[] = [];
  let weight = 0;
  for (const fact of facts) {
    const own = weightOf(fact);
    if (batch.length > 0 && weight + own > MOST_WEIGHT) {
      yield batch;
      batch = [];
      weight = 0;
    }
    batch.push(fact);
    weight += own;
  }
  if (batch.length > 0) yield batch;
}
