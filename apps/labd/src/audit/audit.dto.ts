import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

/** Who did what, when and from where. */
export class AuditEntryDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['AuditEntry'] })
  kind!: 'AuditEntry';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiNullable({
    type: 'integer',
    format: 'int64',
    description: 'Place in the chain; null until it is sealed, a second at most.',
  })
  seq!: number | null;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ example: 'user:admin' })
  actor!: string;
  @ApiProperty({ example: 'update', description: '`refused` for what somebody was not allowed.' })
  action!: string;
  @ApiProperty({ example: 'Server' })
  resourceKind!: string;
  @ApiNullable({ type: String })
  resourceId!: string | null;
  @ApiNullable({ type: String, example: 'node1' })
  resourceName!: string | null;
  @ApiNullable({ type: String })
  cloud!: string | null;
  @ApiNullable({ type: String })
  environment!: string | null;
  @ApiNullable({ type: 'object', additionalProperties: true })
  before!: unknown;
  @ApiNullable({ type: 'object', additionalProperties: true })
  after!: unknown;
  @ApiNullable({ type: String, description: 'Find it in labd’s log.' })
  requestId!: string | null;
  @ApiNullable({ type: String, example: '10.0.0.5', description: 'Address of the peer, or `link`.' })
  source!: string | null;
  @ApiNullable({ type: String })
  hash!: string | null;
}

/** Where the chain stood. Keep it outside the database: `verify` finds with it a tail that was cut off. */
export class AuditHeadDto {
  @ApiProperty({ type: 'integer', format: 'int64', example: 42 })
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  seq!: number;
  @ApiProperty({ description: 'SHA-256 in hex of the row with that number.' })
  @Matches(/^[0-9a-f]{64}$/)
  hash!: string;
  @ApiProperty({ description: 'HMAC-SHA-256 in hex: only labd makes one.' })
  @Matches(/^[0-9a-f]{64}$/)
  signature!: string;
}

export class VerifyAuditDto {
  @ApiPropertyOptional({
    type: AuditHeadDto,
    nullable: true,
    description: 'A head that was exported earlier.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AuditHeadDto)
  head?: AuditHeadDto | null;
}

class ChainBreakDto {
  @ApiProperty({ example: '17', description: 'Number of the row.' })
  seq!: string;
  @ApiProperty({ example: 'its content was changed, or another key is in use' })
  problem!: string;
}

export class AuditVerdictDto {
  @ApiProperty({ description: 'Whether the chain holds.' })
  intact!: boolean;
  @ApiProperty({ type: 'integer', format: 'int64', description: 'Sealed rows that hold.' })
  rows!: number;
  @ApiNullable({ type: ChainBreakDto })
  broken!: ChainBreakDto | null;
  @ApiProperty({ type: 'integer', description: 'Rows that wait to be sealed.' })
  unsealed!: number;
}
