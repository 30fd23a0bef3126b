import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import { parseBody } from '../http/json-body.js';
import { CancelledInstalls } from './cancelled-installs.js';
import { installCancelled } from './install.errors.js';
import { InstallService } from './install.service.js';
import { progressBody } from './report-body.js';
import { bearerOf } from './tokens.js';

@Controller('api/progress')
export class ProgressController {
  constructor(
    private readonly installs: InstallService,
    private readonly cancelled: CancelledInstalls,
  ) {}

  @Post()
  @HttpCode(204)
  async report(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<void> {
    const hint = 'docs/machine-api.md shows a progress report, and lists the stages.';
    const token = bearerOf(authorization);
    const cancelled = this.cancelled.of(token);
    if (token !== undefined && cancelled !== undefined) {
      await this.installs.admitCancelled(cancelled, token, clientAddress(request));
      await this.cancelled.report(cancelled, parseBody(body, contentType, progressBody, hint));
      throw installCancelled();
    }
    const record = await this.installs.authorize(token, clientAddress(request), 'progress');
    await this.installs.progress(record, parseBody(body, contentType, progressBody, hint));
  }
}
