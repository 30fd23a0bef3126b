import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

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
  @ApiProperty()
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
