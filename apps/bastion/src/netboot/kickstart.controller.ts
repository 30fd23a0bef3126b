import { Controller, Get, Header, Param, Req } from '@nestjs/common';
import { LabError, isHostname } from '@lab/domain';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/client-address.js';
import { InstallBoots } from '../installs/install-boots.js';
import { unknownKickstart } from '../installs/install.errors.js';
import { BootAssets } from './boot-assets.js';

/** Kickstarts. An install's holds the report token: it is served once and never cached. */
@Controller('ks')
export class KickstartController {
  constructor(
    private readonly installs: InstallBoots,
    private readonly assets: BootAssets,
  ) {}

  @Get('discovery')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  discovery(): string {
    return this.assets.discoveryKickstart();
  }

  @Get('install/:token')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  async install(@Req() request: FastifyRequest, @Param('token') token: string): Promise<string> {
    // A look at the headers must not use the token up.
    if (request.method === 'HEAD' || token.length > 128) throw unknownKickstart();
    const { record, server, reportToken } = await this.installs.fetchKickstart(token, clientAddress(request));
    const { plan } = record;
    const name = server?.name ?? plan.hostname;
    try {
      return this.assets.installKickstart({
        reportToken,
        installId: record.installId,
        server: isHostname(name) ? name : plan.hostname,
        mac: record.bootMac ?? '',
        hostname: plan.hostname,
        profile: plan.profile,
        role: plan.role,
        disk: plan.disk,
        allowErase: plan.allowErase,
        layout: plan.layout,
        sshKeys: plan.sshKeys,
        users: plan.users,
        caCertificates: plan.caCertificates,
        interfaces: plan.interfaces,
        bootOrder: plan.bootOrder,
      });
    } catch (error) {
      if (error instanceof LabError) await this.installs.failKickstart(record, `kickstart: ${error.message}`);
      throw error;
    }
  }
}
