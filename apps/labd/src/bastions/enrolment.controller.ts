import { Body, Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorators.js';
import { ApiProblems } from '../http/problem.dto.js';
import { DryRunQueryDto } from '../resources/resource.dto.js';
import { EnrolDto, EnrolledDto } from './bastion.dto.js';
import { EnrolmentService } from './enrolment.service.js';

@ApiTags('bastions')
@Controller('api/v1/bastions')
export class EnrolmentController {
  constructor(private readonly enrolment: EnrolmentService) {}

  @Post('enrol')
  @HttpCode(201)
  @Public()
  @ApiOperation({ summary: 'Enrol a bastion with a join token', operationId: 'enrolBastion' })
  @ApiCreatedResponse({ type: EnrolledDto })
  @ApiProblems(400, 401, 409)
  enrol(
    @Body() body: EnrolDto,
    @Query() options: DryRunQueryDto,
    @Req() request: FastifyRequest,
  ): Promise<EnrolledDto> {
    const origin = { requestId: request.id, address: request.ip };
    return this.enrolment.enrol(body, origin, { dryRun: options.dryRun === 'true' });
  }
}
