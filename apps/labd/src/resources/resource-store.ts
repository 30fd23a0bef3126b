import type { Permission, ResourceKind } from '@lab/domain';
import type { Prisma, TransactionClient, SqlReader } from '@lab/database';
import type { Type } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import type { FeedChange } from '../feed/feed-writer.repository.js';
import type { Resource, ResourceContent } from './resource.js';

/** The table of a kind, with the alias `r`, in SQL that lists and references are made of. */
export interface ResourceTable {
  /** `networks r`, with the joins that the conditions below need. */
  from: Prisma.Sql;
  name: Prisma.Sql;
  labels: Prisma.Sql;
  /** Null: the kind isn't anywhere. */
  cloud: Prisma.Sql | null;
  environment: Prisma.Sql | null;
  /** Conditions of the catalog's filters. May raise `invalid` that names the filter. */
  filters: Readonly<Record<string, (value: string) => Prisma.Sql>>;
  /** What the catalog's sort keys stand for: an expression that is never null, and the same value in a resource. */
  sort: Readonly<Record<string, SortKey>>;
}

export interface SortKey {
  sql: Prisma.Sql;
  /** The database's type of it: what a cursor's value is cast to. */
  type: 'TEXT' | 'TIMESTAMPTZ' | 'INT8';
  of: (resource: Resource) => string | number;
}

/** Who asks for a change, and when. */
export interface ChangeContext {
  caller: Caller;
  now: Date;
}

/** What a change wrote. */
export interface Written {
  id: string;
  /** Shown once, in the answer's `status`: a token's secret. */
  secret?: Readonly<Record<string, string>>;
}

/**
 * What a kind adds to the engine in `resource.service.ts`: its SQL and its rules. A store works inside the transaction that
 * it is given, and never looks at permissions beyond the rules of its own kind.
 */
export interface ResourceStore<Spec extends object = object> {
  readonly kind: ResourceKind;
  readonly table: ResourceTable;
  /** The class that documents and validates `spec`; undefined: nobody writes it. */
  readonly specDto: Type<Spec> | undefined;
  /** The kind's resources that `tail` (WHERE … ORDER BY … LIMIT …) selects, in its order; a constant number of statements. */
  select(tx: SqlReader, tail: Prisma.Sql, fields?: FieldSelection): Promise<Resource[]>;
  /** Condition for a reference; by default its name or ID. Raises `invalid` for what can be none. */
  reference?(reference: string): Prisma.Sql;
  /** A name for one that is created without; undefined: a name must be given. */
  newName?(): string;
  /** Rules that a class-validator can't say; fills in what wasn't given. Raises `invalid` that names `spec.…`. */
  normalise?(spec: Spec, before: Spec | undefined): Spec;
  /** Beyond the permission itself: nobody grants more than they have … Raises `not-allowed`. */
  authorise?(
    tx: TransactionClient,
    caller: Caller,
    before: Resource | undefined,
    after: ResourceContent | undefined,
  ): Promise<void>;
  insert?(
    tx: TransactionClient,
    content: ResourceContent & { spec: Spec },
    context: ChangeContext,
  ): Promise<Written>;
  /** Writes what differs; `version` grows by one. */
  update?(
    tx: TransactionClient,
    before: Resource,
    content: ResourceContent & { spec: Spec },
    context: ChangeContext,
  ): Promise<void>;
  /** What to do about dependents; else to delete or change them. */
  readonly inUseHint?: string;
  /** What would be left without it: `server/node1`, at most eleven. Deleting is refused while there is any. */
  dependents?(tx: TransactionClient, resource: Resource): Promise<string[]>;
  remove?(tx: TransactionClient, resource: Resource, context: ChangeContext): Promise<void>;
  /** Feed rows and whatever goes with every change; by default one feed row. */
  record?(tx: TransactionClient, change: StoreChange, now: Date, was: FeedChange['was']): Promise<void>;
  /** Tells those who wait; after the commit, and never relied upon. */
  committed?(change: StoreChange): void;
  /** Narrows what the caller sees beyond the catalog's access: API tokens, which are one's own. */
  visible?(caller: Caller): Prisma.Sql;
}

export interface StoreChange {
  type: 'added' | 'modified' | 'deleted';
  before: Resource | undefined;
  after: Resource | undefined;
}

/** Which parts of a resource are asked for, as dotted paths; undefined: all. A store may skip reading what isn't. */
export type FieldSelection = readonly string[] | undefined;

/** The grants that decide what a list shows. */
export type Grants = readonly Permission[];
