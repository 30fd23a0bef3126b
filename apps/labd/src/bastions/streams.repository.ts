import type { StreamName } from '@lab/protocol';
import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';

/** How far the streams of bastions are committed. */
@Injectable()
export class StreamsRepository {
  /** The position, and a lock on it until the commit: a replaced link may still be writing. 0: nothing yet. */
  async position(
    tx: TransactionClient,
    bastionId: string,
    stream: StreamName,
    epoch: string,
  ): Promise<number> {
    const rows = await tx.$queryRaw<{ committed_seq: bigint }[]>`
      SELECT committed_seq FROM bastion_streams
      WHERE bastion_id = ${bastionId}::UUID AND stream = ${stream} AND epoch = ${epoch} FOR UPDATE`;
    return Number(rows[0]?.committed_seq ?? 0n);
  }

  async advance(
    tx: TransactionClient,
    bastionId: string,
    stream: StreamName,
    epoch: string,
    seq: number,
  ): Promise<void> {
    await tx.bastionStream.upsert({
      where: { bastionId_stream_epoch: { bastionId, stream, epoch } },
      create: { bastionId, stream, epoch, committedSeq: seq },
      update: { committedSeq: seq },
    });
  }

  /** Of the streams with these epochs; older epochs are forgotten, for their spools are gone. */
  async open(
    tx: TransactionClient,
    bastionId: string,
    epochs: Readonly<Record<StreamName, string>>,
  ): Promise<Record<StreamName, number>> {
    await tx.bastionStream.deleteMany({
      where: {
        bastionId,
        NOT: {
          OR: [
            { stream: 'facts', epoch: epochs.facts },
            { stream: 'logs', epoch: epochs.logs },
          ],
        },
      },
    });
    const rows = await tx.bastionStream.findMany({ where: { bastionId } });
    const seqOf = (stream: StreamName): number =>
      Number(rows.find((row) => row.stream === stream)?.committedSeq ?? 0n);
    return { facts: seqOf('facts'), logs: seqOf('logs') };
  }
}
