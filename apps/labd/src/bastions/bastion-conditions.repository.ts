import type { ConditionType } from '@lab/domain';
import { Prisma, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { FeedWriter } from '../feed/feed-writer.repository.js';
import type { ConditionDto } from '../servers/server.dto.js';
import { BastionsRepository } from './bastions.repository.js';

export const UNCONFIRMED_DROPPED = 'UnconfirmedServersDropped' satisfies ConditionType;
/** Those that labd finds itself; all others are what the bastion reports. */
const OWN_CONDITIONS: readonly string[] = [UNCONFIRMED_DROPPED];

/** Conditions of bastions: what they report of themselves, and what labd finds. */
@Injectable()
export class BastionConditions {
  constructor(
    private readonly bastions: BastionsRepository,
    private readonly feed: FeedWriter,
  ) {}

  /** Replaces the bastion's or labd's own. Answers whether that changed anything; watchers are told then. */
  async replace(
    tx: TransactionClient,
    bastionId: string,
    whose: 'reported' | 'own',
    conditions: readonly ConditionDto[],
    now: Date,
  ): Promise<boolean> {
    const [row] = await tx.$queryRaw<{ conditions: ConditionDto[] }[]>`
      SELECT conditions FROM bastions WHERE id = ${bastionId}::UUID FOR UPDATE`;
    if (row === undefined) return false;
    const isOwn = ({ type }: ConditionDto): boolean => OWN_CONDITIONS.includes(type);
    const kept = row.conditions.filter((condition) => isOwn(condition) === (whose === 'reported'));
    const fresh = conditions.filter((condition) => isOwn(condition) === (whose === 'own'));
    // A condition that goes on began when it began.
    const next = [...kept, ...fresh].map((condition) => {
      const old = row.conditions.find(
        ({ type, reason }) => type === condition.type && reason === condition.reason,
      );
      return old === undefined ? condition : { ...condition, since: old.since };
    });
    const textOf = (all: readonly ConditionDto[]): string =>
      JSON.stringify(all.map(({ type, reason, message }) => [type, reason, message]));
    if (textOf(next) === textOf(row.conditions)) return false;
    await tx.$executeRaw`
      UPDATE bastions SET conditions = ${JSON.stringify(next)}::JSONB, version = version + 1, updated_at = ${now}
      WHERE id = ${bastionId}::UUID`;
    const [bastion] = await this.bastions.select(tx, Prisma.sql`WHERE r.id = ${bastionId}::UUID`);
    if (bastion === undefined) return true;
    const { metadata, spec } = bastion;
    await this.feed.record(tx, [
      {
        ...{
          type: 'modified',
          at: now,
          kind: bastion.kind,
          resourceId: metadata.id,
          resourceName: metadata.name,
        },
        ...{
          resourceVersion: metadata.version,
          cloud: spec.cloud ?? null,
          environment: spec.environment ?? null,
        },
        object: bastion,
      },
    ]);
    return true;
  }
}
