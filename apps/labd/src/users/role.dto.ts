import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength } from 'class-validator';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

export class RoleSpecDto {
  @ApiPropertyOptional({ default: '', example: 'Runs staging.' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  description?: string;
  @ApiPropertyOptional({
    type: [String],
    example: ['apply:*:staging:*'],
    description:
      '`action:cloud:environment:server`, each a name or `*`; actions are read, apply, destroy, admin.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(800, { each: true })
  permissions?: string[];
}

class RoleStatusDto {
  @ApiProperty({ description: 'Came with the program: can’t be changed or deleted.' })
  builtIn!: boolean;
  @ApiProperty({ type: 'integer', description: 'Users who have it.' })
  users!: number;
}

/** Permissions under a name. */
export class RoleDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Role'] })
  kind!: 'Role';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: RoleSpecDto;
  @ApiProperty()
  status!: RoleStatusDto;
}
