import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { findAsset } from './asset-folders.js';
import { efiBinary } from './ipxe-binaries.js';

/** Files for machines: nothing secret. @fastify/static answers Range, HEAD and conditional requests. */
@Controller()
export class AssetsController {
  constructor(@Inject(BASTION_CONFIG) private readonly config: BastionConfig) {}

  @Get('assets/:profile/*')
  async asset(
    @Res() reply: FastifyReply,
    @Param('profile') profile: string,
    @Param('*') path: string,
  ): Promise<void> {
    const found = await findAsset(this.config, profile, path);
    void reply.sendFile(found.path, found.folder, { contentType: false, maxAge: 0 });
  }

  /** UEFI HTTP Boot: OVMF asks with HEAD, then GET, and wants a length and this type. */
  @Get('netboot/ipxe.efi')
  async ipxe(@Res() reply: FastifyReply): Promise<void> {
    const { folder, name } = await efiBinary(this.config);
    void reply.type('application/efi').sendFile(name, folder, { contentType: false, maxAge: 0 });
  }
}
