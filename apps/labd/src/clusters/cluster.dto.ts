import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

export const MEMBER_ROLES = ['control-plane', 'worker'] as const;
/** Servers of a cluster. */
const MOST_MEMBERS = 1000;

/** A server in a cluster; a server is in one at most. */
export class ClusterMemberDto {
  @ApiProperty({
    example: 'node1',
    description: 'Name, ID or MAC address in any notation; shown by its name.',
  })
  @IsString()
  @MaxLength(253)
  server!: string;
  @ApiPropertyOptional({ enum: MEMBER_ROLES, default: 'worker', example: 'control-plane' })
  @IsOptional()
  @IsIn(MEMBER_ROLES)
  role?: string;
}

export class ClusterSpecDto extends PlaceSpecDto {
  @ApiPropertyOptional({ enum: ['k3s'], default: 'k3s' })
  @IsOptional()
  @IsIn(['k3s'])
  distribution?: string;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'v1.33.5+k3s1',
    description: 'Null: the newest that the bastion has.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(/^v?[0-9][A-Za-z0-9.+-]*$/, { message: '$property must be a version such as v1.33.5+k3s1' })
  version?: string | null;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'https://192.168.77.10:6443',
    description: 'URL of the API server.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(512)
  @Matches(/^https:\/\/[^\s/?#@]+\/?$/, { message: '$property must be an https URL of a host and a port' })
  endpoint?: string | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'cluster.local' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  domain?: string | null;
  @ApiPropertyOptional({ type: [ClusterMemberDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_MEMBERS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ClusterMemberDto)
  members?: ClusterMemberDto[];
}

class ClusterStatusDto {
  @ApiProperty({ type: 'integer', example: 3 })
  members!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  controlPlanes!: number;
  @ApiProperty({ type: 'integer', example: 3, description: 'Members whose system is installed.' })
  installed!: number;
}

/** Servers that make one Kubernetes cluster. */
export class ClusterDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Cluster'] })
  kind!: 'Cluster';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: ClusterSpecDto;
  @ApiProperty()
  status!: ClusterStatusDto;
}
