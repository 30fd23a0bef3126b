import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

/** Ten years. */
const LONGEST_S = 315_360_000;

export class ApiTokenSpecDto {
  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 60,
    maximum: LONGEST_S,
    default: 7_776_000,
    description: 'Null: it doesn’t expire.',
  })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(LONGEST_S)
  expiresInSeconds?: number | null;
  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    example: ['read:*:*:*'],
    description: 'What it may do at most, within what its user may at the time. Null: all of that.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(64)
  @IsString({ each: true })
  @MaxLength(800, { each: true })
  scope?: string[] | null;
}

class ApiTokenStatusDto {
  @ApiProperty({ example: 'mara', description: 'For whom it acts.' })
  user!: string;
  @ApiNullable({ type: String, format: 'date-time' })
  expiresAt!: string | null;
  @ApiNullable({ type: String, format: 'date-time', description: 'To the minute.' })
  lastUsedAt!: string | null;
  @ApiPropertyOptional({ description: 'Only in the answer that made it.' })
  token?: string;
}

/** Lets a program act for a user. */
export class ApiTokenDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['ApiToken'] })
  kind!: 'ApiToken';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: ApiTokenSpecDto;
  @ApiProperty()
  status!: ApiTokenStatusDto;
}
