import { ACTIONS, type Action } from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';

/** What every resource has. */
export class ResourceMetadataDto {
  @ApiProperty({ format: 'uuid', example: '0b9f6c1e-3c52-4f0e-9d5e-0d9b4f8f0a11' })
  id!: string;
  @ApiProperty({ example: 'node1' })
  name!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { rack: 'a1' } })
  labels!: Record<string, string>;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: {} })
  annotations!: Record<string, string>;
  @ApiProperty({ type: 'integer', example: 3, description: 'Grows with every change.' })
  version!: number;
  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class NamedRefDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'site-a' })
  name!: string;
}

export class ListMetadataDto {
  @ApiNullable({ type: String, description: 'Cursor of the next page; null on the last one.' })
  continue!: string | null;
}

export class DryRunQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Check everything, commit nothing.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun?: 'true' | 'false';
}

class PrintColumnDto {
  @ApiProperty({ example: 'NAME' })
  heading!: string;
  @ApiProperty({ example: 'metadata.name' })
  path!: string;
  @ApiPropertyOptional()
  wide?: boolean;
  @ApiPropertyOptional({
    example: 'status.conditions',
    description: 'Where the conditions are that are shown beside the value.',
  })
  conditions?: string;
}

class AccessDto {
  @ApiProperty({ enum: ACTIONS, enumName: 'Action' })
  read!: Action;
  @ApiProperty({ enum: ACTIONS, enumName: 'Action' })
  write!: Action;
  @ApiProperty({ enum: ACTIONS, enumName: 'Action' })
  destroy!: Action;
}

class ResourceKindDto {
  @ApiProperty({ example: 'Server' })
  kind!: string;
  @ApiProperty({ example: 'server' })
  singular!: string;
  @ApiProperty({ example: 'servers', description: 'Also the path: /api/v1/servers' })
  plural!: string;
  @ApiProperty({ type: [String], example: ['srv'] })
  aliases!: readonly string[];
  @ApiProperty({ type: [String], example: ['get', 'describe'] })
  verbs!: readonly string[];
  @ApiProperty({
    enum: ['server', 'environment', 'global', 'own'],
    description: 'What a permission names it by.',
  })
  scope!: 'server' | 'environment' | 'global' | 'own';
  @ApiProperty({ description: 'The action that each needs.' })
  access!: AccessDto;
  @ApiProperty({ type: [PrintColumnDto] })
  columns!: readonly PrintColumnDto[];
  @ApiProperty({
    type: [String],
    example: ['role', 'status'],
    description: 'Query parameters that narrow a list.',
  })
  filters!: readonly string[];
  @ApiProperty({ type: [String], example: ['name', 'createdAt'], description: 'The first is the default.' })
  sort!: readonly string[];
}

export class ResourceCatalogDto {
  @ApiProperty({ type: [ResourceKindDto] })
  items!: readonly ResourceKindDto[];
}
