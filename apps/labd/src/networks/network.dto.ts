import {
  DEFAULT_LEASE,
  DHCP_MODES,
  LONGEST_LEASE,
  MOST_DHCP_EXCLUSIONS,
  MOST_DHCP_RANGES,
  SHORTEST_LEASE,
  type DhcpMode,
} from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIP,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';
import { ConditionDto } from '../servers/condition.dto.js';

/** IPv4 addresses from the first to the last, both included. */
export class AddressRangeDto {
  @ApiProperty({ example: '192.168.77.100' })
  @IsString()
  @MaxLength(64)
  first!: string;
  @ApiProperty({ example: '192.168.77.200' })
  @IsString()
  @MaxLength(64)
  last!: string;
}

export class DhcpSettingsDto {
  @ApiPropertyOptional({
    enum: DHCP_MODES,
    enumName: 'DhcpMode',
    default: 'full',
    description:
      'full: the bastion gives the addresses; proxy: another DHCP server does, and the bastion only says what to boot.',
  })
  @IsOptional()
  @IsIn(DHCP_MODES)
  mode?: DhcpMode;
  @ApiPropertyOptional({
    type: [AddressRangeDto],
    default: [],
    description:
      'What is given out. None: .100 to .200 of a /24, as much in proportion of another; without the gateway and the bastion.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_DHCP_RANGES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AddressRangeDto)
  ranges?: AddressRangeDto[];
  @ApiPropertyOptional({
    type: [AddressRangeDto],
    default: [],
    description: 'What of the ranges is never given out: addresses that machines have without DHCP.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_DHCP_EXCLUSIONS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AddressRangeDto)
  exclusions?: AddressRangeDto[];
  @ApiPropertyOptional({
    type: 'integer',
    minimum: SHORTEST_LEASE,
    maximum: LONGEST_LEASE,
    default: DEFAULT_LEASE,
    description: 'For how many seconds an address is given.',
  })
  @IsOptional()
  @IsInt()
  @Min(SHORTEST_LEASE)
  @Max(LONGEST_LEASE)
  leaseSeconds?: number;
}

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
  @ApiPropertyOptional({
    type: [String],
    nullable: true,
    example: ['192.168.77.1'],
    description: 'DNS servers that machines are told by DHCP.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @IsIP(undefined, { each: true })
  nameservers?: string[] | null;
  @ApiPropertyOptional({ default: false, description: 'Whether its bastion serves it with DHCP.' })
  @IsOptional()
  @IsBoolean()
  dhcpEnabled?: boolean;
  @ApiPropertyOptional({
    type: DhcpSettingsDto,
    nullable: true,
    description: 'How it is served. Null: in full, with the default range.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DhcpSettingsDto)
  dhcp?: DhcpSettingsDto | null;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'site-a',
    description: 'The bastion that serves it, by name or ID; no two networks of one bastion overlap.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  bastion?: string | null;
}

class NetworkDhcpStatusDto {
  @ApiProperty({ enum: DHCP_MODES, enumName: 'DhcpMode' })
  mode!: DhcpMode;
  @ApiProperty({
    type: [String],
    example: ['192.168.77.100-192.168.77.200'],
    description: 'What is given out: the ranges or the default one, without what is left out.',
  })
  ranges!: string[];
  @ApiProperty({ type: 'integer', example: 101, description: 'Addresses in these ranges.' })
  addresses!: number;
  @ApiProperty({
    type: 'integer',
    example: 3,
    description: 'Addresses that NICs of servers are declared with.',
  })
  reservations!: number;
  @ApiNullable({
    type: 'integer',
    example: 12,
    description: 'As its bastion counts; null: it has not said yet.',
  })
  leases!: number | null;
  @ApiNullable({ type: String, format: 'date-time', description: 'When its bastion said so.' })
  leasesAt!: string | null;
}

class NetworkStatusDto {
  @ApiProperty({ type: 'integer', example: 12, description: 'NICs that are in it.' })
  nics!: number;
  @ApiNullable({ type: NetworkDhcpStatusDto, description: 'Null: dhcpEnabled is off.' })
  dhcp!: NetworkDhcpStatusDto | null;
  @ApiProperty({ type: [ConditionDto] })
  conditions!: ConditionDto[];
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
