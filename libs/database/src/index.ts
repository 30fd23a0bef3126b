// Prisma's client and what it is made of: `Prisma.ServerGetPayload<…>`, `Prisma.sql`, the row types.
export { Prisma, PrismaClient } from './generated/client.js';
export type {
  Agent,
  ApiToken,
  AuditLog,
  Bastion,
  BastionStream,
  Cluster,
  ClusterMember,
  FeedEvent,
  Handover,
  Install,
  InstallLogLine,
  InstallStage,
  JoinToken,
  Network,
  Permission,
  Role,
  RolePermission,
  SequenceHead,
  Server,
  ServerDisk,
  ServerNic,
  Session,
  User,
  UserRole,
} from './generated/client.js';

export { createDatabase } from './database.js';
export type {
  Database,
  DatabaseOptions,
  DatabaseStatistics,
  SqlReader,
  TransactionClient,
  TransactionOptions,
} from './database.js';
export {
  asDatabaseError,
  databaseAddress,
  isSerializationFailure,
  isUniqueViolation,
  sqlStateOf,
} from './database-errors.js';

export { migrate } from './migrations/migrate.js';
export type { MigrateOptions, MigrationReport } from './migrations/migrate.js';
export { MIGRATIONS_FOLDER, readMigrations } from './migrations/migration-folder.js';
export type { Migration } from './migrations/migration-folder.js';
export { lintMigration } from './migrations/migration-lint.js';
export type { LintFinding } from './migrations/migration-lint.js';

export { backup, restore } from './backup/backup.js';
export type { BackupSummary } from './backup/backup.js';

export { exportHandover } from './handover/handover.js';
export { HANDOVER_FORMAT } from './handover/handover-file.js';
export type { HandoverCounts, HandoverHeader, HandoverPart } from './handover/handover-file.js';
export { HANDOVER_KINDS, HANDOVER_TABLES, NOT_HANDED_OVER } from './handover/handover-tables.js';
export type { HandoverKind, HandoverTable, HandoverType } from './handover/handover-tables.js';

export { runningEmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded/embedded-postgres.js';
