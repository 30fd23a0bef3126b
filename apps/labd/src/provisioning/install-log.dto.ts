import { STAGE_NAMES } from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';

export const MAX_LOG_PAGE = 5000;

export class LogLineDto {
  @ApiProperty({ type: 'integer', example: 1, description: 'From 1 per install, without gaps.' })
  number!: number;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ example: 'anaconda' })
  source!: string;
  @ApiNullable({ type: String, enum: STAGE_NAMES, example: 'packages' })
  stage!: string | null;
  @ApiProperty({ example: 'Installing kernel-core (212/431)' })
  text!: string;
}

class LoggedInstallDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ type: 'integer' })
  attempt!: number;
  @ApiProperty({ example: 'installing' })
  state!: string;
}

export class LogPageDto {
  @ApiProperty()
  install!: LoggedInstallDto;
  @ApiProperty({ type: [LogLineDto] })
  lines!: LogLineDto[];
  @ApiProperty({ type: 'integer' })
  logTotal!: number;
  @ApiNullable({
    type: 'integer',
    description: 'Pass it as `after` to get the next page; null: no more lines now.',
  })
  next!: number | null;
}

export class FollowLogsQueryDto {
  @ApiPropertyOptional({ type: 'integer', description: 'Attempt; the newest install without it.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  install?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'Only the last lines.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  tail?: number;
}

export class LogsQueryDto extends FollowLogsQueryDto {
  @ApiPropertyOptional({ type: 'integer', description: 'Only lines with a higher number.' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  after?: number;
  @ApiPropertyOptional({ type: 'integer', default: 1000, maximum: MAX_LOG_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LOG_PAGE)
  limit?: number;
  @ApiPropertyOptional({ enum: STAGE_NAMES })
  @IsOptional()
  @IsIn(STAGE_NAMES)
  stage?: string;
}
