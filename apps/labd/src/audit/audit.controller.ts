import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequireResource } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ApiListQuery, listOf } from '../resources/resource-api.js';
import { ResourceQuery, type ResourceList } from '../resources/resource.query.js';
import { AuditEntries } from './audit-entries.repository.js';
import { AuditTrail } from './audit-trail.repository.js';
import { AuditEntryDto, AuditHeadDto, AuditVerdictDto, VerifyAuditDto } from './audit.dto.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('api/v1/audit')
export class AuditController {
  constructor(
    private readonly query: ResourceQuery,
    private readonly entries: AuditEntries,
    private readonly audit: AuditTrail,
  ) {}

  @Get()
  @RequireResource('read', 'AuditEntry')
  @ApiOperation({ summary: 'Who did what, newest first', operationId: 'listAudit' })
  @ApiListQuery('AuditEntry')
  @ApiOkResponse({ type: listOf(AuditEntryDto) })
  @ApiProblems(400, 401, 403)
  list(@CurrentCaller() caller: Caller, @Query() query: Record<string, unknown>): Promise<ResourceList> {
    return this.query.list(this.entries, caller, query);
  }

  @Get('head')
  @RequireResource('read', 'AuditEntry')
  @ApiOperation({
    summary: 'Where the chain stands, to be kept outside the database',
    description:
      '`verify` with a head that was exported earlier finds a tail that was cut off, or a database that was set back.',
    operationId: 'getAuditHead',
  })
  @ApiOkResponse({ type: AuditHeadDto })
  @ApiProblems(401, 403)
  head(): Promise<AuditHeadDto> {
    return this.audit.head();
  }

  @Post('verify')
  @HttpCode(200)
  @RequireResource('read', 'AuditEntry')
  @ApiOperation({ summary: 'Check the whole chain', operationId: 'verifyAudit' })
  @ApiOkResponse({ type: AuditVerdictDto })
  @ApiProblems(400, 401, 403, 429)
  async verify(@Body() body: VerifyAuditDto): Promise<AuditVerdictDto> {
    const { rows, broken, unsealed } = await this.audit.verifyOnce(body.head ?? undefined);
    return { intact: broken === undefined, rows: Number(rows), broken: broken ?? null, unsealed };
  }

  @Get(':id')
  @RequireResource('read', 'AuditEntry')
  @ApiOperation({ summary: 'One entry', operationId: 'getAuditEntry' })
  @ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' } })
  @ApiOkResponse({ type: AuditEntryDto })
  @ApiProblems(400, 401, 403, 404)
  get(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.query.get(this.entries, caller, id);
  }
}
