import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';

export class OidcProviderDto {
  @ApiProperty({ example: 'https://login.example' })
  issuer!: string;
  @ApiProperty({ example: 'labctl' })
  clientId!: string;
  @ApiProperty({ example: 'openid profile email' })
  scope!: string;
}

export class OidcLoginDto {
  @ApiProperty({
    description: 'ID token of the provider, at most ten minutes old.',
    example: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(16_384)
  idToken!: string;
}
