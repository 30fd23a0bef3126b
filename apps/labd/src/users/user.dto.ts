import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
} from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

export class UserSpecDto {
  @ApiPropertyOptional({ type: String, nullable: true, example: 'Mara Novak' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  displayName?: string | null;
  @ApiPropertyOptional({ type: [String], example: ['viewer'], description: 'Names of roles.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @IsString({ each: true })
  @MaxLength(253, { each: true })
  roles?: string[];
  @ApiPropertyOptional({
    default: false,
    description: 'Whoever is disabled has no access from that moment on.',
  })
  @IsOptional()
  @IsBoolean()
  disabled?: boolean;
}

class UserStatusDto {
  @ApiProperty({ description: 'Whether they can log in with a password.' })
  hasPassword!: boolean;
  @ApiNullable({
    type: String,
    example: 'https://login.example 4f1c9a',
    description: 'Issuer and subject at the identity provider that vouches for them.',
  })
  identity!: string | null;
  @ApiNullable({ type: String, format: 'date-time' })
  lastLoginAt!: string | null;
  @ApiNullable({
    type: String,
    format: 'date-time',
    description: 'After wrong passwords: when the next one is tried.',
  })
  lockedUntil!: string | null;
}

/** Somebody who may log in. */
export class UserDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['User'] })
  kind!: 'User';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: UserSpecDto;
  @ApiProperty()
  status!: UserStatusDto;
}

export class NewPasswordDto {
  @ApiProperty({ minLength: 8, maxLength: 1024, example: 'correct horse battery staple' })
  @IsString()
  @MinLength(8)
  @MaxLength(1024)
  password!: string;
}
