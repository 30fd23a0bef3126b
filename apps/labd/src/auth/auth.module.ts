import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { KnownInputGuard } from '../http/known-input.guard.js';
import { AccessGuard } from './access.guard.js';
import { ApiTokensController } from './api-tokens.controller.js';
import { ApiTokensRepository } from './api-tokens.repository.js';
import { CanIQuery } from './can-i.query.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { LoginAttempts } from './login-attempts.service.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionsRepository } from './sessions.repository.js';
import { UsersRepository } from './users.repository.js';

@Module({
  imports: [AuditModule],
  controllers: [AuthController, ApiTokensController],
  providers: [
    AuthService,
    PasswordHasher,
    SessionsRepository,
    UsersRepository,
    ApiTokensRepository,
    CanIQuery,
    LoginAttempts,
    // In this order.
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useExisting: KnownInputGuard },
  ],
  exports: [AuthService, PasswordHasher, SessionsRepository, UsersRepository],
})
export class AuthModule {}
