import { LabError } from '@lab/domain';
import type { Database } from '@lab/database';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/access.decorators.js';
import { DATABASE } from '../injection-tokens.js';

const PATIENCE_MS = 3000;

class HealthDto {
  @ApiProperty({ example: 'ok' })
  status!: string;
}

@ApiTags('health')
@Controller()
export class HealthController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get('healthz')
  @Public()
  @ApiOperation({ summary: 'Whether the program runs', operationId: 'healthz' })
  @ApiOkResponse({ type: HealthDto })
  healthz(): HealthDto {
    return { status: 'ok' };
  }

  /** Migrations ran before labd listened; so what can be missing is the database. */
  @Get('readyz')
  @Public()
  @ApiOperation({
    summary: 'Whether it can work: the database answers and is migrated',
    operationId: 'readyz',
  })
  @ApiOkResponse({ type: HealthDto })
  async readyz(): Promise<HealthDto> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new LabError('not-ready', 'The database does not answer', { hint: 'Check that it runs.' }));
      }, PATIENCE_MS);
    });
    try {
      await Promise.race([this.database.ping(), late]);
    } finally {
      clearTimeout(timer);
    }
    return { status: 'ok' };
  }
}
