import { formatPermission } from '@lab/domain';
import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../http/problem.dto.js';
import { DryRunQueryDto } from '../resources/resource.dto.js';
import { LoggedIn, Public } from './access.decorators.js';
import {
  CanIAnswerDto,
  CanIDto,
  ChangePasswordDto,
  LoginDto,
  RefreshDto,
  SessionDto,
  WhoamiDto,
} from './auth.dto.js';
import { CanIQuery } from './can-i.query.js';
import { AuthService } from './auth.service.js';
import { originOf } from './origin.js';
import { CurrentCaller, type Caller } from './caller.js';

@ApiTags('auth')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly auth: AuthService,
    private readonly canI: CanIQuery,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Log in with a password', operationId: 'login' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(400, 401, 429)
  login(@Body() body: LoginDto, @Req() request: FastifyRequest): Promise<SessionDto> {
    return this.auth.login(body.username, body.password, originOf(request));
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Replace both tokens of a session', operationId: 'refresh' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(400, 401)
  refresh(@Body() body: RefreshDto, @Req() request: FastifyRequest): Promise<SessionDto> {
    return this.auth.refresh(body.refreshToken, originOf(request));
  }

  @Post('logout')
  @HttpCode(204)
  @LoggedIn()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'End this session', operationId: 'logout' })
  @ApiNoContentResponse()
  @ApiProblems(400, 401)
  async logout(@CurrentCaller() caller: Caller, @Query() options: DryRunQueryDto): Promise<void> {
    if (options.dryRun !== 'true') await this.auth.logout(caller);
  }

  @Get('whoami')
  @LoggedIn()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Who you are and what you may do', operationId: 'whoami' })
  @ApiOkResponse({ type: WhoamiDto })
  @ApiProblems(401)
  whoami(@CurrentCaller() caller: Caller): WhoamiDto {
    return {
      username: caller.username,
      roles: [...caller.roles],
      permissions: caller.grants.map(formatPermission),
    };
  }

  @Post('can-i')
  @HttpCode(200)
  @LoggedIn()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Whether you may do something', operationId: 'canI' })
  @ApiOkResponse({ type: CanIAnswerDto })
  @ApiProblems(400, 401, 404, 409)
  mayI(@CurrentCaller() caller: Caller, @Body() body: CanIDto): Promise<CanIAnswerDto> {
    return this.canI.ask(caller, body);
  }

  @Post('password')
  @HttpCode(204)
  @LoggedIn()
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Change your password; your other sessions end', operationId: 'changePassword' })
  @ApiNoContentResponse()
  @ApiProblems(400, 401, 403, 429)
  changePassword(
    @CurrentCaller() caller: Caller,
    @Body() body: ChangePasswordDto,
    @Query() options: DryRunQueryDto,
  ): Promise<void> {
    const dryRun = options.dryRun === 'true';
    return this.auth.changePassword(caller, body.current, body.next, { dryRun });
  }
}
