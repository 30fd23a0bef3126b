import { Controller, Get, Header, Headers, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import { LabError, mac, type MacAddress } from '@lab/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OperatorGuard } from '../http/operator.guard.js';
import { FollowerRegistry } from './follower-registry.js';
import { parseCursor } from './follow-cursor.js';
import { InstallLogBuffer } from './install-log-buffer.js';
import type { InstallRecord } from './install-record.js';
import { InstallStore } from './install.store.js';
import { noInstall, noInstalls } from './install.errors.js';
import { bindingView, stagesView, stateView } from './install-view.js';
import { RING_LINES } from './log-ring.js';

/** What a person asks about an install. */
@Controller('api/logs')
@UseGuards(OperatorGuard)
export class InstallLogsController {
  constructor(
    private readonly installs: InstallStore,
    private readonly logs: InstallLogBuffer,
    private readonly followers: FollowerRegistry,
  ) {}

  /** Stages and a page of lines: the newest `limit`, or those after the number `after`. */
  @Get(':mac')
  @Header('Cache-Control', 'no-store')
  async show(
    @Param('mac') address: string,
    @Query('install') install: string | undefined,
    @Query('after') after: string | undefined,
    @Query('limit') limit: string | undefined,
  ): Promise<object> {
    const record = this.#find(mac(address), install);
    const total = await this.logs.total(record.installId);
    const max = numberOf('limit', limit, RING_LINES, RING_LINES);
    const from = numberOf('after', after, Math.max(0, total - max), Number.MAX_SAFE_INTEGER);
    const lines = await this.logs.after(record.installId, record.ringMac, from, max);
    const last = lines.at(-1)?.number ?? from;
    return {
      mac: mac(address),
      ...stateView(record),
      ...bindingView(record),
      installs: this.installs.ofMac(mac(address)).map((one) => one.installId),
      stages: stagesView(record),
      log_lines: lines,
      log_total: total,
      next_after: last < total ? last : null,
    };
  }

  @Get(':mac/follow')
  follow(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('mac') address: string,
    @Query('install') install: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
  ): void {
    const parsed = mac(address);
    const record = this.#find(parsed, install);
    this.followers.checkRoom();
    const response = reply.raw;
    reply.hijack();
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'keep-alive',
      'x-accel-buffering': 'no',
    });
    request.raw.socket.setNoDelay(true);
    const cursor = parseCursor(lastEventId);
    void this.followers.run({
      mac: parsed,
      install: () => (install === undefined ? (this.installs.ofMac(parsed)[0] ?? record) : record),
      response,
      cursor: cursor ?? { installId: record.installId, report: 0, line: 0 },
    });
  }

  #find(address: MacAddress, installId: string | undefined): InstallRecord {
    const installs = this.installs.ofMac(address);
    const found = installId === undefined ? installs[0] : installs.find((one) => one.installId === installId);
    if (found !== undefined) return found;
    throw installs.length === 0 ? noInstalls(address) : noInstall(installId ?? '', address);
  }
}

function numberOf(name: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,15}$/.test(text)) {
    throw new LabError('invalid', `?${name}= has to be a number`, {
      hint: `Write ?${name}=100, or leave it out.`,
      errors: [{ path: name, message: 'must be a number from 0 on' }],
    });
  }
  return Math.min(max, Number(text));
}
