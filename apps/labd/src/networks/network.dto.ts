import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

export class NetworkSpecDto extends PlaceSpecDto {
  @ApiProperty({ example: '192.168.77.0/24', description: 'IPv4 or IPv6, without host bits.' })
  @IsString()
  @MaxLength(64)
  cidr!: string;
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 4094,
    nullable: true,
    description: 'Null: untagged.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(4094)
  vlan?: number | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: '192.168.77.1' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  gateway?: string | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'lab.example' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  domain?: string | null;
  @ApiPropertyOptional({ default: false, description: 'Whether its bastion hands out addresses.' })
  @IsOptional()
  @IsBoolean()
  dhcpEnabled?: boolean;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'site-a',
    description: 'The bastion that serves it, by name or ID.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  bastion?: string | null;
}

class NetworkStatusDto {
  @ApiProperty({ type: 'integer', example: 12, description: 'NICs that are in it.' })
  nics!: number;
}

/** An IP network that NICs are in: by their addresses, or because somebody said so. */
export class NetworkDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Network'] })
  kind!: 'Network';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: NetworkSpecDto;
  @ApiProperty()
  status!: NetworkStatusDto;
}
