import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';

export class WatchQueryDto {
  @ApiPropertyOptional({
    example: 'servers,networks',
    description: 'Kinds by name or alias; without it all that you may read.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  kinds?: string;
  @ApiPropertyOptional({ example: 'rack=a1' })
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  labelSelector?: string;
  @ApiPropertyOptional({ example: 'node1' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  name?: string;
  @ApiPropertyOptional({ example: 'default' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  cloud?: string;
  @ApiPropertyOptional({ example: 'default' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  environment?: string;
  @ApiPropertyOptional({
    example: '42',
    description: '`id` of the last event; as the header Last-Event-ID. Without it: from now.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  since?: string;
}
