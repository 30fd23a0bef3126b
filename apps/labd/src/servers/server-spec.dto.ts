import {
  ADDRESS_METHODS,
  BOOT_ORDERS,
  BOND_MODES,
  INTERFACE_NAME,
  SERVER_ROLES,
  type AddressMethod,
  type BondMode,
  type BootOrder,
} from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsIP,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';

class NicBondDto {
  @ApiProperty({ example: 'bond0' })
  @IsString()
  @Matches(INTERFACE_NAME, { message: '$property must be an interface name such as bond0' })
  name!: string;
  @ApiPropertyOptional({ enum: BOND_MODES, enumName: 'BondMode', default: 'active-backup' })
  @IsOptional()
  @IsIn(BOND_MODES)
  mode?: BondMode;
}

/** A NIC that somebody declared: it stays though no report shows it. */
export class DeclaredNicDto {
  @ApiProperty({
    example: '52:54:00:12:34:56',
    description: 'In any usual notation; no other server may have it.',
  })
  @IsString()
  @MaxLength(64)
  mac!: string;
  @ApiPropertyOptional({ example: 'ens3', description: 'The kernel’s name, until a report says it.' })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9._-]{1,15}$/, {
    message: '$property must be an interface name of at most 15 characters',
  })
  name?: string;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'lab',
    description: 'Network by name or ID; null: the one that its addresses lie in.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  network?: string | null;
  @ApiPropertyOptional({
    enum: ADDRESS_METHODS,
    enumName: 'AddressMethod',
    description:
      'How the installed system gives it an address; without it static if there is an address, else DHCP.',
  })
  @IsOptional()
  @IsIn(ADDRESS_METHODS)
  method?: AddressMethod;
  @ApiPropertyOptional({
    example: '192.168.77.10/24',
    description: 'Of the installed system. Without a prefix length it has the network’s.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  address?: string;
  @ApiPropertyOptional({ example: '192.168.77.1', description: 'Without it, the network’s.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  gateway?: string;
  @ApiPropertyOptional({ type: [String], example: ['192.168.77.1'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @IsIP(undefined, { each: true })
  nameservers?: string[];
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 4094,
    description: 'The address is on a VLAN interface with this tag.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(4094)
  vlan?: number;
  @ApiPropertyOptional({
    type: NicBondDto,
    description: 'It is a port of that bond; one of the ports says the address and the rest.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NicBondDto)
  bond?: NicBondDto;
}

export class ServerSpecDto extends PlaceSpecDto {
  @ApiPropertyOptional({
    type: String,
    enum: SERVER_ROLES,
    nullable: true,
    example: 'worker',
    description: 'What the server is for.',
  })
  @IsOptional()
  @IsIn(SERVER_ROLES)
  role?: string | null;
  @ApiPropertyOptional({
    type: String,
    enum: BOOT_ORDERS,
    nullable: true,
    example: 'disk-first',
    description:
      'What an install lets the firmware try first; null: what its profile says. Only UEFI can be told.',
  })
  @IsOptional()
  @IsIn(BOOT_ORDERS)
  bootOrder?: BootOrder | null;
  @ApiPropertyOptional({
    type: [DeclaredNicDto],
    description: 'Those that a report finds need not be declared.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => DeclaredNicDto)
  nics?: DeclaredNicDto[];
}
