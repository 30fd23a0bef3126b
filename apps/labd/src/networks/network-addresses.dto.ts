import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { DEFAULT_PAGE, MAX_PAGE } from '../resources/resource-list.js';
import { NamedRefDto } from '../resources/resource.dto.js';

/** An address that a machine has by DHCP. */
export class NetworkLeaseDto {
  @ApiProperty({ example: '192.168.77.100' })
  address!: string;
  @ApiProperty({ example: '52:54:00:12:34:56' })
  mac!: string;
  @ApiNullable({ type: NamedRefDto, description: 'The server with that NIC; null: none that you may read.' })
  server!: NamedRefDto | null;
  @ApiNullable({ type: String, description: 'What the machine calls itself.' })
  hostname!: string | null;
  @ApiNullable({ type: String, format: 'date-time', description: 'Null: never.' })
  expiresAt!: string | null;
}

/** An address that a NIC of a server is declared with: in a network that is served in full, no other NIC gets it. */
export class NetworkReservationDto {
  @ApiProperty({ example: '192.168.77.10' })
  address!: string;
  @ApiProperty({ example: '52:54:00:12:34:56' })
  mac!: string;
  @ApiNullable({ type: NamedRefDto, description: 'Null: one that you may not read.' })
  server!: NamedRefDto | null;
}

export class AddressPageQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit?: number;
  @ApiPropertyOptional({ description: '`metadata.continue` of the page before.', maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  continue?: string;
}
