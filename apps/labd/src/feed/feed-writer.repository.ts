import type { TransactionClient } from '@lab/database';
import { Injectable } from '@nestjs/common';

/** A change of a resource that watchers get. */
export interface FeedChange {
  type: 'added' | 'modified' | 'deleted';
  at: Date;
  kind: string;
  resourceId: string;
  resourceName: string;
  /** Order of the changes of one resource. */
  resourceVersion: number;
  cloud: string | null;
  environment: string | null;
  /** The resource after the change; before it, for `deleted`. */
  object: unknown;
  /** Where it was before and how it was labelled, if that differs. */
  was?:
    | {
        name: string;
        cloud: string | null;
        environment: string | null;
        labels: Readonly<Record<string, string>>;
      }
    | undefined;
}

/** Writes feed rows along with the change that they tell of. They are numbered after the commit. */
@Injectable()
export class FeedWriter {
  async record(tx: TransactionClient, changes: readonly FeedChange[]): Promise<void> {
    if (changes.length === 0) return;
    const rows = changes.map(({ resourceId, resourceName, resourceVersion, ...change }) => ({
      ...change,
      resource_id: resourceId,
      resource_name: resourceName,
      resource_version: resourceVersion,
    }));
    await tx.$executeRaw`
      INSERT INTO feed_events (type, at, kind, resource_id, resource_name, resource_version, cloud, environment, object,
        was)
      SELECT v.type, v.at, v.kind, v.resource_id, v.resource_name, v.resource_version, v.cloud, v.environment, v.object,
        v.was
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::JSONB) AS v(type TEXT, at TIMESTAMPTZ, kind TEXT, resource_id TEXT,
        resource_name TEXT, resource_version INT4, cloud TEXT, environment TEXT, object JSONB, was JSONB)`;
  }
}
