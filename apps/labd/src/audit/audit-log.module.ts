import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditEntries } from './audit-entries.repository.js';
import { AuditModule } from './audit.module.js';

/** The audit log as people read it. */
@Module({ imports: [AuditModule], controllers: [AuditController], providers: [AuditEntries] })
export class AuditLogModule {}
