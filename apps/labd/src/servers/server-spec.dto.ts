import { SERVER_ROLES } from '@lab/domain';
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
