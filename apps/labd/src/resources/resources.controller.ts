import { RESOURCE_KINDS } from '@lab/domain';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LoggedIn } from '../auth/access.decorators.js';
import { ApiProblems } from '../http/problem.dto.js';
import { ResourceCatalogDto } from './resource.dto.js';

@ApiTags('resources')
@ApiBearerAuth()
@ApiProblems(401)
@Controller('api/v1/resources')
export class ResourcesController {
  @Get()
  @LoggedIn()
  @ApiOperation({
    summary: 'The kinds of resources, with their names and columns',
    operationId: 'listResourceKinds',
  })
  @ApiOkResponse({ type: ResourceCatalogDto })
  list(): ResourceCatalogDto {
    return { items: RESOURCE_KINDS };
  }
}
