import { SERVER_PHASES, SERVER_ROLES } from '@lab/domain';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export const DEFAULT_PAGE = 500;
export const MAX_PAGE = 1000;

/** Pages of a list. */
export class PageQueryDto {
  @ApiPropertyOptional({ type: 'integer', default: DEFAULT_PAGE, maximum: MAX_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  limit?: number;
  @ApiPropertyOptional({ description: '`metadata.continue` of the page before.' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(1024)
  continue?: string;
}

export class ServersQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: SERVER_ROLES, enumName: 'ServerRole' })
  @IsOptional()
  @IsIn(SERVER_ROLES)
  role?: string;
  @ApiPropertyOptional({ enum: SERVER_PHASES, enumName: 'ServerPhase' })
  @IsOptional()
  @IsIn(SERVER_PHASES)
  status?: string;
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
  @ApiPropertyOptional({ example: 'site-a', description: 'Name or ID.' })
  @IsOptional()
  @IsString()
  @MaxLength(253)
  bastion?: string;
}
