import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import { parseBody } from '../http/json-body.js';
import { InstallService } from './install.service.js';
import { progressBody } from './report-body.js';
import { bearerOf } from './tokens.js';

@Controller('api/progress')
export class ProgressController {
  constructor(private readonly installs: InstallService) {}

  @Post()
  @HttpCode(204)
  async report(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<void> {
    const record = await this.installs.authorize(bearerOf(authorization), clientAddress(request), 'progress');
    const hint = 'docs/machine-api.md shows a progress report, and lists the stages.';
    await this.installs.progress(record, parseBody(body, contentType, progressBody, hint));
  }
}
