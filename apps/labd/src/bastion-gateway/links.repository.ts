import type { Hello, Inventory } from '@lab/protocol';
import { Prisma, type Database, type TransactionClient } from '@lab/database';
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
        ...inventoryColumns(hello),
        url: hello.url,
        linkState: 'connected',
        linkReplica: linkId,
        linkChangedAt: now,
        lastSeenAt: now,
      },
    });
  }

  /** Unless another link has taken over meanwhile. */
  async offers(bastionId: string, linkId: string, inventory: Inventory): Promise<void> {
    await this.database.client.bastion.updateMany({
      where: { id: bastionId, linkReplica: linkId },
      data: inventoryColumns(inventory),
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

/** What isn't said is stored as that: an older bastion may have come back. */
const inventoryColumns = ({ profiles, layouts, roles }: Pick<Hello, 'profiles' | 'layouts' | 'roles'>) => ({
  profiles: profiles satisfies Prisma.InputJsonArray,
  layouts: layouts ?? Prisma.DbNull,
  installRoles: roles ?? Prisma.DbNull,
});
