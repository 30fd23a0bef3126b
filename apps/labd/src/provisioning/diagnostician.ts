import { diagnose, statedByBastion, type Diagnosis } from '@lab/domain';
import type { Database, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { Changes } from '../feed/changes.notifier.js';
import { DATABASE } from '../injection-tokens.js';
import { ServerChanges } from '../servers/server-changes.repository.js';
import { DiagnosisRepository, type FailedInstall } from './diagnosis.repository.js';
import type { InstallFailureDto } from './install.dto.js';

/** States the cause of failed installs. */
@Injectable()
export class Diagnostician {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly repository: DiagnosisRepository,
    private readonly serverChanges: ServerChanges,
    private readonly changes: Changes,
  ) {}

  /** A failure with its cause, as far as the lines that are here say. */
  async withCause(
    installId: string,
    failure: InstallFailureDto,
    tx?: TransactionClient,
  ): Promise<InstallFailureDto> {
    const stated = statedByBastion(failure);
    if (stated !== undefined) return { ...failure, diagnosis: stated };
    return { ...failure, diagnosis: diagnose(failure, await this.repository.lines(installId, tx)) };
  }

  /** Lines travel apart from progress: what came after the failure may say more of it. */
  async catchUp(now: Date): Promise<void> {
    for (const install of await this.repository.outdated(now)) await this.#diagnoseAgain(install, now);
  }

  async #diagnoseAgain({ id, serverId, failure, logTotal }: FailedInstall, now: Date): Promise<void> {
    const better = await this.withCause(id, failure);
    const isNew = !isSame(better.diagnosis, failure.diagnosis);
    await this.database.transaction(
      async (tx) => {
        const written = await this.repository.save(tx, id, isNew ? better : failure, logTotal);
        if (written && isNew) await this.serverChanges.touch(tx, [serverId], now);
      },
      { isolation: 'read-committed' },
    );
    if (isNew) this.changes.installsChanged([id]);
  }
}

const isSame = (one: Diagnosis | null, other: Diagnosis | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
