import { Body, Controller, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation } from '@nestjs/swagger';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ApiRef } from '../resources/resource-api.js';
import { ResourceWriterController } from '../resources/resource.controller.js';
import { DryRunQueryDto } from '../resources/resource.dto.js';
import { PasswordsService } from './passwords.service.js';
import { NewPasswordDto, UserDto, UserSpecDto } from './user.dto.js';

@Controller('api/v1/users')
export class UsersController extends ResourceWriterController('User', UserDto, UserSpecDto) {
  constructor(private readonly passwords: PasswordsService) {
    super();
  }

  @Put(':ref/password')
  @HttpCode(204)
  @RequireResource('write', 'User')
  @ApiOperation({ summary: 'Set a user’s password; all their sessions end', operationId: 'setPassword' })
  @ApiRef('User')
  @ApiNoContentResponse()
  @ApiProblems(400, 401, 403, 404)
  setPassword(
    @CurrentCaller() caller: Caller,
    @Param('ref') ref: string,
    @Body() body: NewPasswordDto,
    @Query() options: DryRunQueryDto,
  ): Promise<void> {
    return this.passwords.set(caller, ref, body.password, { dryRun: options.dryRun === 'true' });
  }
}
