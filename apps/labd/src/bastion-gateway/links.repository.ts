import type { Hello } from '@lab/protocol';
import type { Database, Prisma, TransactionClient } from '@lab/database';
import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '../injection-tokens.js';
import type { ReportingBastion } from '../servers/machine-registry.js';

/** What the database knows of links. */
@Injectable()
export class LinksRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The bastion with that credential, unless it was revoked. */
  async findByCredential(credentialHash: string): Promise<ReportingBastion | undefined> {
    const bastion = await this.database.client.bastion.findFirst({
      where: { credentialHash, revokedAt: null },
      select: { id: true, name: true, cloud: true, environment: true },
    });
    return bastion ?? undefined;
  }

  /** From here on the link is this one; another that is still open finds that out. */
  async connected(
    tx: TransactionClient,
    bastionId: string,
    linkId: string,
    hello: Hello,
    now: Date,
  ): Promise<void> {
    await tx.bastion.update({
      where: { id: bastionId },
      data: {
        softwareVersion: hello.softwareVersion,
        profiles: hello.profiles satisfies Prisma.InputJsonArray,
        url: hello.url,
        linkState: 'connected',
        linkReplica: linkId,
        linkChangedAt: now,
        lastSeenAt: now,
      },
    });
  }

  /** `planAcked`: the newest generation that the bastion has on its disk. */
  async alive(bastionId: string, linkId: string, planAcked: number, now: Date): Promise<void> {
    await this.database.client.bastion.updateMany({
      where: { id: bastionId, linkReplica: linkId },
      data: { lastSeenAt: now, linkState: 'connected', planAcked },
    });
  }

  /** Only if no other link has taken over meanwhile. */
  async disconnected(bastionId: string, linkId: string, planAcked: number, now: Date): Promise<void> {
    await this.database.client.bastion.updateMany({
      where: { id: bastionId, linkReplica: linkId },
      data: { linkState: 'disconnected', linkReplica: null, linkChangedAt: now, lastSeenAt: now, planAcked },
    });
  }
}
