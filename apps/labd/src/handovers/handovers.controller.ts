import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorators.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  CheckHandoverDto,
  HandoverCheckedDto,
  HandoverPartDto,
  HandoverStateDto,
  OpenHandoverDto,
} from './handover.dto.js';
import { HandoversService } from './handovers.service.js';

/** How a site that stood alone joins: its bastion enrols, and brings along what its own labd knew (docs/adr/0020). */
@ApiTags('bastions')
@Controller('api/v1/handovers')
export class HandoversController {
  constructor(private readonly handovers: HandoversService) {}

  @Post('check')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Say what stands in the way of a hand-over', operationId: 'checkHandover' })
  @ApiOkResponse({ type: HandoverCheckedDto })
  @ApiProblems(400, 401)
  check(@Body() body: CheckHandoverDto): Promise<HandoverCheckedDto> {
    return this.handovers.check(body);
  }

  @Post()
  @HttpCode(201)
  @Public()
  @ApiOperation({ summary: 'Enrol a bastion that brings its history along', operationId: 'openHandover' })
  @ApiCreatedResponse({ type: HandoverStateDto })
  @ApiProblems(400, 401, 409)
  open(@Body() body: OpenHandoverDto, @Req() request: FastifyRequest): Promise<HandoverStateDto> {
    return this.handovers.open(body, { requestId: request.id, address: request.ip });
  }

  @Post(':id/parts')
  @HttpCode(200)
  @Public()
  @ApiOperation({
    summary: 'Take in a part of a hand-over, by the credential of its bastion',
    operationId: 'takeHandoverPart',
  })
  @ApiOkResponse({ type: HandoverStateDto })
  @ApiProblems(400, 401, 404, 409)
  part(
    @Param('id') id: string,
    @Body() body: HandoverPartDto,
    @Req() request: FastifyRequest,
  ): Promise<HandoverStateDto> {
    return this.handovers.take(id, request.headers.authorization, body, {
      requestId: request.id,
      address: request.ip,
    });
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'End a hand-over of which all has come', operationId: 'completeHandover' })
  @ApiOkResponse({ type: HandoverStateDto })
  @ApiProblems(400, 401, 404, 409)
  complete(@Param('id') id: string, @Req() request: FastifyRequest): Promise<HandoverStateDto> {
    return this.handovers.complete(id, request.headers.authorization, {
      requestId: request.id,
      address: request.ip,
    });
  }
}
