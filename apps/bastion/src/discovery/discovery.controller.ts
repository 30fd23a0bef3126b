import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { LabError } from '@lab/domain';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import { bytesOf, parseBody } from '../http/json-body.js';
import { DiscoveryService } from './discovery.service.js';
import { hardwareBody } from './hardware-body.js';

const MAX_BYTES = 256 * 1024;

@Controller('api/discovery')
export class DiscoveryController {
  constructor(private readonly discovery: DiscoveryService) {}

  @Post()
  @HttpCode(200)
  async report(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<{ pollSeconds: number }> {
    if (bytesOf(body).length > MAX_BYTES) {
      throw new LabError('too-large', `A hardware report has at most ${MAX_BYTES} bytes`, {
        hint: 'Send only what docs/machine-api.md lists.',
      });
    }
    const hint = 'docs/machine-api.md shows a hardware report.';
    return this.discovery.seen(parseBody(body, contentType, hardwareBody, hint), clientAddress(request));
  }
}
