import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { MachineStore } from '../machines/machine.store.js';
import { DhcpService } from '../dhcp/dhcp.service.js';
import { Link } from '../uplink/link.module.js';

/** For supervisors. The bastion is ready without labd: it acts on the plan that it has. */
@Controller()
export class HealthController {
  constructor(
    private readonly dhcp: DhcpService,
    private readonly link: Link,
    private readonly machines: MachineStore,
  ) {}

  @Get('healthz')
  @Header('Cache-Control', 'no-store')
  healthy(): object {
    return { status: 'ok' };
  }

  @Get('readyz')
  ready(@Res() reply: FastifyReply): void {
    const isReady = this.dhcp.state !== 'down';
    void reply
      .status(isReady ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
      .header('Cache-Control', 'no-store')
      .send({
        status: isReady ? 'ready' : 'not ready',
        dhcp: this.dhcp.state,
        link: this.link.state.state,
        machines: this.machines.size,
      });
  }
}
