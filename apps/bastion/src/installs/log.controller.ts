import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { LabError } from '@lab/domain';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import { bytesOf, parseBody } from '../http/json-body.js';
import { decodeText } from '../http/text-body.js';
import { InstallService } from './install.service.js';
import {
  LOG_SOURCES,
  MAX_LINES,
  isLogSource,
  logBody,
  plainLines,
  type ReportedLine,
} from './report-body.js';
import { bearerOf } from './tokens.js';

@Controller('api/log')
export class LogController {
  constructor(private readonly installs: InstallService) {}

  @Post()
  @HttpCode(202)
  async lines(
    @Req() request: FastifyRequest,
    @Body() body: unknown,
    @Headers('authorization') authorization: string | undefined,
    @Headers('content-type') contentType: string | undefined,
    @Headers('x-lab-source') source: string | undefined,
  ): Promise<{ accepted: number; log_total: number }> {
    const record = await this.installs.authorize(bearerOf(authorization), clientAddress(request), 'log');
    const isPlain = contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'text/plain';
    const lines: readonly ReportedLine[] = isPlain
      ? plain(bytesOf(body), source)
      : parseBody(body, contentType, logBody, 'docs/machine-api.md shows a batch of lines.').lines;
    const { accepted, total } = await this.installs.log(record, lines);
    await this.installs.packages(record, lines);
    return { accepted, log_total: total };
  }
}

function plain(body: Buffer, source = 'bastion'): ReportedLine[] {
  if (!isLogSource(source)) {
    throw new LabError('invalid', 'X-Lab-Source names no source of log lines', {
      hint: `There are ${LOG_SOURCES.join(', ')}.`,
    });
  }
  const lines = plainLines(decodeText(body), source);
  if (lines.length > MAX_LINES) {
    throw new LabError('invalid', `The body has ${lines.length} lines`, {
      hint: `Send at most ${MAX_LINES} lines a request.`,
    });
  }
  return lines;
}
