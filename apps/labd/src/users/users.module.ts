import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { PasswordsService } from './passwords.service.js';
import { RolesController } from './roles.controller.js';
import { RolesRepository } from './roles.repository.js';
import { UserAccounts } from './user-accounts.repository.js';
import { UsersController } from './users.controller.js';

@Module({
  imports: [AuditModule, AuthModule],
  controllers: [UsersController, RolesController],
  providers: [UserAccounts, RolesRepository, PasswordsService],
  exports: [UserAccounts],
})
export class UsersModule {}
