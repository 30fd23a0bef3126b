import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { UsersModule } from '../users/users.module.js';
import { IdTokenVerifier } from './id-token.verifier.js';
import { OidcLogins } from './oidc-login.service.js';
import { OidcController } from './oidc.controller.js';

@Module({
  imports: [AuditModule, AuthModule, UsersModule],
  controllers: [OidcController],
  providers: [IdTokenVerifier, OidcLogins],
})
export class OidcModule {}
