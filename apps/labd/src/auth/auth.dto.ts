import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';

export class LoginDto {
  @ApiProperty({ example: 'admin' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(128)
  username!: string;
  // argon2 takes any length; a limit keeps hashing cheap.
  @ApiProperty({ format: 'password' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  password!: string;
}

export class RefreshDto {
  @ApiProperty({ example: 'lab_rt_yph9cqAJfeE61DyNxmykGw8YTrMcZCTjI8K3FeqgOLc' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  refreshToken!: string;
}

export class SessionDto {
  @ApiProperty({ description: 'Send it as `Authorization: Bearer …`; good for 15 minutes.' })
  accessToken!: string;
  @ApiProperty({ description: 'Good once, for 30 days; each refresh gives another.' })
  refreshToken!: string;
  @ApiProperty({ format: 'date-time', description: 'When the access token expires.' })
  expiresAt!: string;
  @ApiProperty({ example: 'admin' })
  username!: string;
}

export class WhoamiDto {
  @ApiProperty({ example: 'admin' })
  username!: string;
  @ApiProperty({ type: [String], example: ['admin'] })
  roles!: string[];
  @ApiProperty({ type: [String], example: ['admin:*:*:*'] })
  permissions!: string[];
}

export class CanIDto {
  @ApiProperty({ example: 'provision', description: 'A verb of labctl (get, create, provision, delete …).' })
  @IsString()
  @MaxLength(32)
  verb!: string;
  @ApiProperty({ example: 'servers', description: 'Kind, by name or alias.' })
  @IsString()
  @MaxLength(64)
  kind!: string;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'node1',
    description: 'A very resource; without it: any at all.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  name?: string | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'default' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  cloud?: string | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'default' })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  environment?: string | null;
}

export class CanIAnswerDto {
  @ApiProperty()
  allowed!: boolean;
  @ApiProperty({ example: 'apply:default:default:node1', description: 'The permission that it takes.' })
  needed!: string;
}

export class ChangePasswordDto {
  @ApiProperty({ format: 'password' })
  @IsString()
  @MaxLength(1024)
  current!: string;
  @ApiProperty({ format: 'password', minLength: 8, maxLength: 1024 })
  @IsString()
  @MinLength(8)
  @MaxLength(1024)
  next!: string;
}
