import { Body, Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LoggedIn } from '../auth/access.decorators.js';
import { CurrentCaller, type Caller } from '../auth/caller.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ApplyResultDto } from './apply.dto.js';
import { ApplyService } from './apply.service.js';
import { DryRunQueryDto } from './resource.dto.js';

const document = {
  type: 'object' as const,
  required: ['kind', 'metadata'],
  properties: {
    apiVersion: { type: 'string' as const, enum: ['lab/v1'] },
    kind: { type: 'string' as const },
    metadata: { type: 'object' as const },
    spec: { type: 'object' as const },
  },
};

const ApiDocuments = (): MethodDecorator =>
  ApiBody({
    required: true,
    description: 'One document, an array of them, or a List as `get` answers it; at most 500.',
    schema: {
      oneOf: [document, { type: 'array', maxItems: 500, items: document }],
      example: [
        {
          apiVersion: 'lab/v1',
          kind: 'Network',
          metadata: { name: 'lab' },
          spec: { cidr: '192.168.77.0/24' },
        },
        { apiVersion: 'lab/v1', kind: 'Cluster', metadata: { name: 'prod' }, spec: { members: [] } },
      ],
    },
  });

@ApiTags('apply')
@ApiBearerAuth()
@Controller('api/v1')
export class ApplyController {
  constructor(private readonly documents: ApplyService) {}

  @Post('apply')
  @HttpCode(200)
  // What each document needs is checked for each: one that may not be applied fails alone.
  @LoggedIn()
  @ApiOperation({
    summary: 'Make resources be as documents say',
    description:
      'Creates what isn’t there and changes what differs; what labd alone writes (`status`, `metadata.id` …) is passed over, so that ' +
      'the output of GET can be applied. `metadata.version` guards against changes since it was read. All documents are tried.',
    operationId: 'apply',
  })
  @ApiDocuments()
  @ApiOkResponse({ type: ApplyResultDto })
  @ApiProblems(400, 401)
  apply(
    @CurrentCaller() caller: Caller,
    @Body() body: unknown,
    @Query() options: DryRunQueryDto,
  ): Promise<ApplyResultDto> {
    return this.documents.apply(caller, body, options.dryRun === 'true');
  }

  @Post('diff')
  @HttpCode(200)
  @LoggedIn()
  @ApiOperation({ summary: 'What apply would change; commits nothing', operationId: 'diff' })
  @ApiDocuments()
  @ApiOkResponse({ type: ApplyResultDto })
  @ApiProblems(400, 401)
  diff(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<ApplyResultDto> {
    return this.documents.apply(caller, body, true);
  }
}
