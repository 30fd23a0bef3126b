import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { ListMetadataDto, ResourceMetadataDto } from '../resources/resource.dto.js';

class BastionStatusDto {
  @ApiProperty({ enum: ['up', 'down'] })
  link!: 'up' | 'down';
  @ApiNullable({ type: String, example: 'http://192.168.77.1:7071' })
  url!: string | null;
  @ApiNullable({ type: String, example: '0.1.0' })
  softwareVersion!: string | null;
  @ApiProperty({ type: 'integer', example: 3 })
  servers!: number;
  @ApiProperty({ type: [String], example: ['fedora-43'] })
  profiles!: string[];
  @ApiNullable({ type: String, format: 'date-time' })
  lastSeenAt!: string | null;
}

/** A site's daemon. */
export class BastionDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Bastion'] })
  kind!: 'Bastion';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  status!: BastionStatusDto;
}

export class BastionListDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['List'] })
  kind!: 'List';
  @ApiProperty()
  metadata!: ListMetadataDto;
  @ApiProperty({ type: [BastionDto] })
  items!: BastionDto[];
}

export class CreateTokenDto {
  @ApiProperty({ enum: ['bastion'] })
  @IsIn(['bastion'])
  kind!: 'bastion';
  @ApiPropertyOptional({ type: 'integer', default: 3600, maximum: 2_592_000 })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(2_592_000)
  expiresInSeconds?: number;
  @ApiPropertyOptional({ type: 'integer', default: 1, maximum: 1000 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxUses?: number;
}

export class JoinTokenDto {
  @ApiProperty({ description: 'Shown only now.' })
  token!: string;
  @ApiProperty({ format: 'date-time' })
  expiresAt!: string;
}

export class EnrolDto {
  @ApiProperty()
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  token!: string;
  @ApiProperty({ example: 'site-a' })
  @IsString()
  @MaxLength(253)
  name!: string;
}

export class EnrolledDto {
  @ApiProperty({ format: 'uuid' })
  bastionId!: string;
  @ApiProperty({ description: 'Bearer credential of the link; shown only now.' })
  credential!: string;
}
