import { Module } from '@nestjs/common';
import { AuditSealer } from './audit-sealer.js';
import { AuditTrail } from './audit-trail.repository.js';
import { Refusals } from './refusals.service.js';

@Module({ providers: [AuditTrail, AuditSealer, Refusals], exports: [AuditTrail, Refusals] })
export class AuditModule {}
