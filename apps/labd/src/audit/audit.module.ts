import { Module } from '@nestjs/common';
import { AuditSealer } from './audit-sealer.js';
import { AuditTrail } from './audit-trail.repository.js';

@Module({ providers: [AuditTrail, AuditSealer], exports: [AuditTrail] })
export class AuditModule {}
