import { SSH_PUBLIC_KEY, USER_NAME } from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJDlJyCVn2Zh2Y1Vr0tCzPzXHOSdAyIZJyWcwmZwOXz admin@lab';
const keys = { each: true, message: '$property must each be one OpenSSH public key without options' };
const names = 'must be of lower-case letters, digits, - and _, at most 32';

/** A user of the installed systems: no password, only keys. */
export class InstalledUserDto {
  @ApiProperty({ example: 'ops' })
  @IsString()
  @Matches(USER_NAME, { message: `$property ${names}` })
  name!: string;
  @ApiPropertyOptional({
    type: [String],
    example: ['wheel'],
    description: 'Further groups, which must exist.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(16)
  @Matches(USER_NAME, { each: true, message: `$property ${names}` })
  groups?: string[];
  @ApiPropertyOptional({ type: [String], example: [KEY] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @Matches(SSH_PUBLIC_KEY, keys)
  sshKeys?: string[];
  @ApiPropertyOptional({
    default: false,
    description: 'Whether sudo lets the user do everything, without a password.',
  })
  @IsOptional()
  @IsBoolean()
  sudo?: boolean;
}

export class InstallSettingsSpecDto extends PlaceSpecDto {
  @ApiPropertyOptional({ type: [String], example: [KEY], description: 'Keys that may log in as root.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @Matches(SSH_PUBLIC_KEY, keys)
  sshKeys?: string[];
  @ApiPropertyOptional({ type: [InstalledUserDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(32)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => InstalledUserDto)
  users?: InstalledUserDto[];
  @ApiPropertyOptional({
    type: [String],
    description: 'PEM, one CA certificate each: the installed system trusts what they have signed.',
    example: ['-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(8)
  @IsString({ each: true })
  @MaxLength(8192, { each: true })
  caCertificates?: string[];
}

class CertificateDto {
  @ApiProperty({ example: 'CN=Lab CA' })
  subject!: string;
  @ApiProperty({ format: 'date-time' })
  notAfter!: string;
}

class InstallSettingsStatusDto {
  @ApiProperty({ type: 'integer', example: 2 })
  users!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  rootKeys!: number;
  @ApiProperty({ type: [CertificateDto] })
  certificates!: CertificateDto[];
  @ApiNullable({ type: String, format: 'date-time', description: 'When the first of the certificates ends.' })
  certificatesEndAt!: string | null;
}

/** What every install in a cloud and environment gets beside its order: users, keys, CA certificates. */
export class InstallSettingsDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['InstallSettings'] })
  kind!: 'InstallSettings';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: InstallSettingsSpecDto;
  @ApiProperty()
  status!: InstallSettingsStatusDto;
}
