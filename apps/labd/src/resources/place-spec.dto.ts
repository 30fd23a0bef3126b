import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** A part of a permission that isn't a wildcard. */
const PLACE = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/;
const place = { message: '$property must be of at most 63 lower-case letters, digits, dots and dashes' };

/** Where a resource is: what permissions name it by. */
export class PlaceSpecDto {
  @ApiPropertyOptional({ example: 'default', default: 'default' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  @Matches(PLACE, place)
  cloud?: string;
  @ApiPropertyOptional({ example: 'default', default: 'default' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  @Matches(PLACE, place)
  environment?: string;
}

export interface PlaceSpec {
  cloud: string;
  environment: string;
}

/** With the defaults for what wasn't given; a change keeps what was. */
export const placeWithDefaults = (spec: PlaceSpecDto): PlaceSpec => ({
  cloud: spec.cloud ?? 'default',
  environment: spec.environment ?? 'default',
});
