import type { HandoverKind, TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

/** A hand-over as it stands, with the bastion that brings it. */
export interface StoredHandover {
  id: string;
  bastionId: string;
  bastion: string;
  cloud: string;
  environment: string;
  credentialHash: string | null;
  state: 'receiving' | 'complete';
  receivedParts: number;
  announced: Record<string, number>;
  received: Record<string, number>;
  clusterIds: string[];
}

const counts = z.record(z.string(), z.number());
const ids = z.array(z.string());

@Injectable()
export class HandoversRepository {
  /** Locked until the commit: one part at a time. */
  async find(tx: TransactionClient, id: string): Promise<StoredHandover | undefined> {
    const [row] = await tx.$queryRaw<
      (Omit<StoredHandover, 'announced' | 'received' | 'clusterIds'> & Record<string, unknown>)[]
    >`
      SELECT h.id, h.bastion_id AS "bastionId", b.name AS bastion, b.cloud, b.environment,
        b.credential_hash AS "credentialHash", h.state, h.received_parts AS "receivedParts", h.announced, h.received,
        h.cluster_ids AS "clusterIds"
      FROM handovers h JOIN bastions b ON b.id = h.bastion_id
      WHERE h.id = ${id}::UUID AND b.revoked_at IS NULL FOR UPDATE`;
    if (row === undefined) return undefined;
    return {
      ...row,
      announced: counts.parse(row['announced']),
      received: counts.parse(row['received']),
      clusterIds: ids.parse(row['clusterIds']),
    };
  }

  async add(
    tx: TransactionClient,
    handover: { id: string; bastionId: string; announced: Record<string, number> },
    bastion: { planGeneration: number; streams: readonly { stream: string; epoch: string; seq: number }[] },
    now: Date,
  ): Promise<void> {
    await tx.handover.create({ data: { ...handover, createdAt: now, updatedAt: now } });
    // Its next plan is newer than any that it holds.
    await tx.bastion.update({
      where: { id: handover.bastionId },
      data: { planGeneration: bastion.planGeneration + 1 },
    });
    await tx.bastionStream.createMany({
      data: bastion.streams.map(({ stream, epoch, seq }) => ({
        bastionId: handover.bastionId,
        stream,
        epoch,
        committedSeq: seq,
      })),
      skipDuplicates: true,
    });
  }

  async advance(
    tx: TransactionClient,
    handover: StoredHandover,
    kind: HandoverKind,
    rows: number,
    clusterIds: readonly string[],
    now: Date,
  ): Promise<StoredHandover> {
    const next: StoredHandover = {
      ...handover,
      receivedParts: handover.receivedParts + 1,
      received: { ...handover.received, [kind]: (handover.received[kind] ?? 0) + rows },
      clusterIds: [...handover.clusterIds, ...clusterIds],
    };
    await tx.handover.update({
      where: { id: handover.id },
      data: {
        receivedParts: next.receivedParts,
        received: next.received,
        clusterIds: next.clusterIds,
        updatedAt: now,
      },
    });
    return next;
  }

  async complete(tx: TransactionClient, id: string, now: Date): Promise<void> {
    await tx.handover.update({
      where: { id },
      data: { state: 'complete', completedAt: now, updatedAt: now },
    });
  }

  /** The place that a join token gives, if it can still be used. It isn't. */
  async placeOfToken(
    tx: TransactionClient,
    tokenHash: string,
    now: Date,
  ): Promise<{ cloud: string; environment: string } | undefined> {
    const token = await tx.joinToken.findFirst({
      where: { kind: 'bastion', tokenHash, usesLeft: { gt: 0 }, expiresAt: { gt: now }, revokedAt: null },
      select: { cloud: true, environment: true },
    });
    return token ?? undefined;
  }
}
