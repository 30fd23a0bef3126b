import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public, RequirePermission } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { BastionListDto, CreateTokenDto, EnrolDto, EnrolledDto, JoinTokenDto } from './bastion.dto.js';
import { BastionListQuery } from './bastion-list.query.js';
import { EnrolmentService } from './enrolment.service.js';

@ApiTags('bastions')
@Controller('api/v1')
export class BastionsController {
  constructor(
    private readonly bastions: BastionListQuery,
    private readonly enrolment: EnrolmentService,
  ) {}

  @Get('bastions')
  @RequirePermission('read')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'The bastions, by name', operationId: 'listBastions' })
  @ApiOkResponse({ type: BastionListDto })
  @ApiProblems(401, 403)
  async list(): Promise<BastionListDto> {
    const items = await this.bastions.all();
    return { apiVersion: 'lab/v1', kind: 'List', metadata: { continue: null }, items };
  }

  @Post('tokens')
  @HttpCode(201)
  @RequirePermission('admin')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'Make a join token, which is shown once', operationId: 'createToken' })
  @ApiCreatedResponse({ type: JoinTokenDto })
  @ApiProblems(400, 401, 403)
  createToken(@CurrentCaller() caller: Caller, @Body() body: CreateTokenDto): Promise<JoinTokenDto> {
    return this.enrolment.createToken(caller, body);
  }

  @Post('bastions/enrol')
  @HttpCode(201)
  @Public()
  @ApiOperation({ summary: 'Enrol a bastion with a join token', operationId: 'enrolBastion' })
  @ApiCreatedResponse({ type: EnrolledDto })
  @ApiProblems(400, 401, 409)
  enrol(@Body() body: EnrolDto, @Req() request: FastifyRequest): Promise<EnrolledDto> {
    return this.enrolment.enrol(body, { requestId: request.id, address: request.ip });
  }
}
