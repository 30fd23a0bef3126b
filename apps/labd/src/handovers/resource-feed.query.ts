import { Prisma, type TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';
import type { FeedChange } from '../feed/feed-writer.repository.js';
import { ResourceRegistry } from '../resources/resource-registry.js';
import { contentOf, placeOf } from '../resources/resource.js';

/** Resources that came, as watchers are told of them. */
@Injectable()
export class ResourceFeed {
  constructor(private readonly registry: ResourceRegistry) {}

  async added(tx: TransactionClient, kind: string, ids: readonly string[], at: Date): Promise<FeedChange[]> {
    const resources = await this.registry
      .storeFor(kind)
      .select(tx, Prisma.sql`WHERE r.id = ANY(${[...ids]}::UUID[])`);
    return resources.map((resource) => ({
      type: 'added',
      at,
      kind,
      resourceId: resource.metadata.id,
      resourceName: resource.metadata.name,
      resourceVersion: resource.metadata.version,
      cloud: placeOf(contentOf(resource)).cloud ?? null,
      environment: placeOf(contentOf(resource)).environment ?? null,
      object: resource,
    }));
  }
}
