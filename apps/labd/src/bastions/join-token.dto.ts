import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

export const JOINS = ['bastion', 'agent'] as const;

export class JoinTokenSpecDto extends PlaceSpecDto {
  @ApiPropertyOptional({ enum: JOINS, default: 'bastion', description: 'Whom it enrols.' })
  @IsOptional()
  @IsIn(JOINS)
  for?: string;
  @ApiPropertyOptional({ type: 'integer', default: 3600, minimum: 60, maximum: 2_592_000 })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(2_592_000)
  expiresInSeconds?: number;
  @ApiPropertyOptional({ type: 'integer', default: 1, minimum: 1, maximum: 1000 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxUses?: number;
}

class JoinTokenStatusDto {
  @ApiProperty({ type: 'integer', example: 1 })
  usesLeft!: number;
  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
  @ApiProperty({ example: 'admin' })
  createdBy!: string;
  @ApiPropertyOptional({ description: 'Only in the answer that made it.' })
  token?: string;
}

/** Enrols bastions or agents; whoever is enrolled starts in its cloud and environment. */
export class JoinTokenDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['JoinToken'] })
  kind!: 'JoinToken';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: JoinTokenSpecDto;
  @ApiProperty()
  status!: JoinTokenStatusDto;
}
