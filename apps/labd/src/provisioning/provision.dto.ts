import { DISK_IDENTIFIER, SERVER_ROLES, SSH_PUBLIC_KEY } from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const identifier = { message: '$property must be plain text, as lsblk shows it' };

/** Which disk may be installed on. All given keys must match, and exactly one disk may; `{}` is "the only disk". */
export class DiskRuleDto {
  @ApiPropertyOptional({ example: 'lab0001' })
  @IsOptional()
  @IsString()
  @MaxLength(128)
  @Matches(DISK_IDENTIFIER, identifier)
  serial?: string;
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(128)
  @Matches(DISK_IDENTIFIER, identifier)
  wwn?: string;
  @ApiPropertyOptional({ example: '/dev/disk/by-id/nvme-QEMU_NVMe_Ctrl_lab0001' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  @Matches(DISK_IDENTIFIER, identifier)
  byId?: string;
  @ApiPropertyOptional({ example: 'nvme0n1' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  @Matches(DISK_IDENTIFIER, identifier)
  name?: string;
  @ApiPropertyOptional({ type: 'integer', format: 'int64', example: 100_000_000_000 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  minSizeBytes?: number;
}

class InstallChoicesDto {
  @ApiPropertyOptional({ example: 'node1', description: 'RFC 1123; without it the server’s name.' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  hostname?: string;
  @ApiPropertyOptional({ type: DiskRuleDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DiskRuleDto)
  disk?: DiskRuleDto;
  @ApiPropertyOptional({ example: 'worker', description: 'Disk layout by name; without it the role’s own.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  layout?: string;
  @ApiPropertyOptional({
    type: [String],
    example: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOJDlJyCVn2Zh2Y1Vr0tCzPzXHOSdAyIZJyWcwmZwOXz admin@lab'],
    description: 'OpenSSH public keys that may log in as root; without them nobody can.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(64)
  @Matches(SSH_PUBLIC_KEY, {
    each: true,
    message: 'sshKeys must each be one OpenSSH public key without options',
  })
  sshKeys?: string[];
}

export class ProvisionDto extends InstallChoicesDto {
  @ApiProperty({ example: 'fedora-43', description: 'One of the profiles of the server’s bastion.' })
  @IsString()
  @MaxLength(64)
  profile!: string;
  // Checked by the handler, which can list the known ones.
  @ApiProperty({ enum: SERVER_ROLES, enumName: 'ServerRole', example: 'worker' })
  @IsString()
  @MaxLength(64)
  role!: string;
  @ApiPropertyOptional({ default: false, description: 'Whether data found on the disk may be erased.' })
  @IsOptional()
  @IsBoolean()
  allowErase?: boolean;
}

/** What isn't given is as in the last install. Erasing its disk is implied. */
export class ReprovisionDto extends InstallChoicesDto {
  @ApiPropertyOptional({ example: 'fedora-43' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  profile?: string;
  @ApiPropertyOptional({ enum: SERVER_ROLES, enumName: 'ServerRole', example: 'worker' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  role?: string;
}

/** The other record of a server's machine. */
export class AdoptDto {
  @ApiProperty({
    example: 'srv-123456',
    description: 'Name, ID or MAC of the server whose machine is taken over; it is deleted.',
  })
  @IsString()
  @MaxLength(253)
  from!: string;
  @ApiPropertyOptional({
    description: 'Though both were heard of at the same time, and so look like two machines.',
  })
  @IsOptional()
  @IsBoolean()
  force?: boolean;
}
