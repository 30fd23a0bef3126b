import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';

/** What a join token gives to whom it enrols. */
export interface UsedToken {
  name: string;
  cloud: string;
  environment: string;
}

@Injectable()
export class EnrolmentRepository {
  /** Takes one use of a token; undefined if it has none left, has expired, or never was. */
  async useToken(
    tx: TransactionClient,
    kind: string,
    tokenHash: string,
    now: Date,
  ): Promise<UsedToken | undefined> {
    const [used] = await tx.joinToken.updateManyAndReturn({
      where: { kind, tokenHash, usesLeft: { gt: 0 }, expiresAt: { gt: now }, revokedAt: null },
      data: { usesLeft: { decrement: 1 }, version: { increment: 1 } },
      select: { name: true, cloud: true, environment: true },
    });
    return used;
  }

  async nameExists(tx: TransactionClient, name: string): Promise<boolean> {
    return (await tx.bastion.count({ where: { name } })) > 0;
  }

  async add(tx: TransactionClient, name: string, credentialHash: string, token: UsedToken): Promise<string> {
    const { cloud, environment } = token;
    return (
      await tx.bastion.create({ data: { name, credentialHash, cloud, environment }, select: { id: true } })
    ).id;
  }
}
