import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { LabError, parseMac } from '@lab/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BASTION_CONFIG, type BastionConfig } from '../config.js';
import { clientAddress } from '../http/client-address.js';
import { BootWatch, type FileAsker } from '../installs/boot-watch.js';
import { findAsset } from './asset-folders.js';
import { arm64Binary, efiBinary, type Binary } from './ipxe-binaries.js';

/**
 * What is read at once. With Node's own 64 KiB a gigabyte costs a third more processor time; 1 MiB saves another tenth, and takes a
 * third more memory when many machines load (bench/RESULTS.md).
 */
const CHUNK_BYTES = 256 * 1024;

/** Files for machines: nothing secret. @fastify/static answers Range, HEAD and conditional requests. */
@Controller()
export class AssetsController {
  constructor(
    @Inject(BASTION_CONFIG) private readonly config: BastionConfig,
    private readonly watch: BootWatch,
  ) {}

  @Get('assets/:profile/*')
  async asset(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('profile') profile: string,
    @Param('*') path: string,
  ): Promise<void> {
    const asker = askerOf(request);
    try {
      const found = await findAsset(this.config, profile, path);
      if (request.method === 'GET') {
        reply.raw.once('finish', () => void this.watch.sent(asker, profile, path));
      }
      void reply.sendFile(found.path, found.folder, {
        ...{ contentType: false, maxAge: 0, highWaterMark: CHUNK_BYTES },
      });
    } catch (error) {
      const isMissing = error instanceof LabError && error.code === 'not-found';
      if (isMissing) await this.watch.missing(asker, profile, path);
      throw error;
    }
  }

  /** UEFI HTTP Boot: OVMF asks with HEAD, then GET, and wants a length and this type. */
  @Get('netboot/ipxe.efi')
  async ipxe(@Res() reply: FastifyReply): Promise<void> {
    sendEfi(reply, await efiBinary(this.config));
  }

  @Get('netboot/ipxe-arm64.efi')
  async ipxeArm64(@Res() reply: FastifyReply): Promise<void> {
    const binary = await arm64Binary(this.config);
    if (binary === undefined) {
      throw new LabError('not-found', 'iPXE for arm64 is not here', {
        hint: 'Put ipxe-arm64.efi into BASTION_IPXE_DIR.',
      });
    }
    sendEfi(reply, binary);
  }
}

function sendEfi(reply: FastifyReply, { folder, name }: Binary): void {
  void reply.type('application/efi').sendFile(name, folder, { contentType: false, maxAge: 0 });
}

/** dracut's headers are `X-RHN-Provisioning-MAC-0: eth0 52:54:00:12:34:56` (anaconda dracut/anaconda-ks-sendheaders.sh). */
function askerOf(request: FastifyRequest): FileAsker {
  const macs = [...Array(8).keys()].flatMap((number) => {
    const header = request.headers[`x-rhn-provisioning-mac-${number}`];
    return typeof header === 'string' ? (parseMac(header.split(' ').at(-1) ?? '') ?? []) : [];
  });
  return { address: clientAddress(request), macs };
}
