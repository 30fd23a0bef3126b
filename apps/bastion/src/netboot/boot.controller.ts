import { Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { claimOf, mac } from '@lab/domain';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import { DiscoveryService } from '../discovery/discovery.service.js';
import { BootAssets } from './boot-assets.js';
import { BootService } from './boot.service.js';

/** iPXE takes what begins with `#!ipxe`, whatever its type; no cache may answer in our place. */
const SCRIPT = 'text/plain; charset=utf-8';

/** What the firmware and iPXE ask for. */
@Controller()
export class BootController {
  constructor(
    private readonly boots: BootService,
    private readonly assets: BootAssets,
    private readonly discovery: DiscoveryService,
  ) {}

  @Get('boot.ipxe')
  @Header('Content-Type', SCRIPT)
  @Header('Cache-Control', 'no-store')
  first(): string {
    return this.assets.bootScript();
  }

  @Get('boot/:file')
  @Header('Content-Type', SCRIPT)
  @Header('Cache-Control', 'no-store')
  async script(
    @Req() request: FastifyRequest,
    @Param('file') file: string,
    @Query('uuid') uuid: unknown,
    @Query('serial') serial: unknown,
  ): Promise<string> {
    const address = mac(file.replace(/\.ipxe$/, ''));
    // A look at the headers is not a boot.
    if (request.method === 'HEAD') return '';
    return this.boots.script({ mac: address, ...claimOf(uuid, serial), address: clientAddress(request) });
  }

  @Get('api/boot/:mac')
  @Header('Cache-Control', 'no-store')
  async next(@Req() request: FastifyRequest, @Param('mac') text: string): Promise<{ action: string }> {
    const parsed = mac(text);
    const address = clientAddress(request);
    await this.discovery.stillThere(parsed, address);
    return { action: this.boots.peek(parsed, address) };
  }
}
