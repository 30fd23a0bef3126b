import { Controller, Get, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { BootIsoService } from './boot-iso.service.js';

/** The boot medium holds nothing secret: what is on it, a machine without it gets from the network. */
@Controller()
export class BootIsoController {
  constructor(private readonly media: BootIsoService) {}

  /** `?mac=…&mac=…&address=192.168.77.10/24&gateway=…&dns=…`, all optional. HEAD, ranges and conditional requests work. */
  @Get('boot.iso')
  async iso(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const { folder, name } = await this.media.image(query);
    void reply
      .type('application/x-iso9660-image')
      .header('Content-Disposition', 'attachment; filename="lab-boot.iso"')
      .sendFile(name, folder, { contentType: false, maxAge: 0 });
  }
}
