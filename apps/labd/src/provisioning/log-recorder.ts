import type { TransactionClient } from '@lab/database';
import type { LogBatch } from '@lab/protocol';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../injection-tokens.js';
import type { ReportingBastion } from '../servers/machine-registry.js';
import { INT4_MAX, storableTime } from './storable.js';
import { LogLinesRepository } from './log-lines.repository.js';

/** Keeps the log lines of installs. */
@Injectable()
export class LogRecorder {
  constructor(
    private readonly repository: LogLinesRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Answers the installs that got lines. Lines of installs that aren't this bastion's are left out. */
  async record(
    tx: TransactionClient,
    bastion: ReportingBastion,
    batches: readonly LogBatch[],
    now: Date,
  ): Promise<ReadonlySet<string>> {
    const installs = await this.repository.installsOf(tx, bastion.id, [
      ...new Set(batches.map((batch) => batch.installId)),
    ]);
    const kept = batches.filter((batch) => installs.has(batch.installId));
    if (kept.length < batches.length) {
      const left = batches.filter((batch) => !installs.has(batch.installId)).map((batch) => batch.installId);
      this.log.warn(
        { bastion: bastion.name, installs: [...new Set(left)] },
        "lines of installs that aren't its own were left out",
      );
    }
    await this.repository.append(
      tx,
      kept.map(({ installId, lines }) => ({
        installId,
        lines: lines
          .filter((line) => line.number <= INT4_MAX)
          .map((line) => ({ ...line, at: storableTime(line.at, now) })),
      })),
    );
    return installs;
  }
}
