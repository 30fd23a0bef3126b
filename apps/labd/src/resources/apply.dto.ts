import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ProblemDto } from '../http/problem.dto.js';

class FieldChangeDto {
  @ApiProperty({ example: 'spec.vlan' })
  path!: string;
  @ApiPropertyOptional({ description: 'Absent: it was added.', type: 'object', additionalProperties: true })
  before?: unknown;
  @ApiPropertyOptional({
    description: 'Absent: it was taken away.',
    type: 'object',
    additionalProperties: true,
  })
  after?: unknown;
}

export class AppliedDto {
  @ApiProperty({ type: 'integer', description: 'Which document, from 0.' })
  index!: number;
  @ApiProperty({ example: 'Network' })
  kind!: string;
  @ApiProperty({ example: 'lab' })
  name!: string;
  @ApiProperty({ enum: ['created', 'configured', 'unchanged', 'failed'] })
  action!: 'created' | 'configured' | 'unchanged' | 'failed';
  @ApiProperty({ type: [FieldChangeDto], description: 'What differs from what was.' })
  changes!: readonly FieldChangeDto[];
  @ApiPropertyOptional({ type: ProblemDto, description: 'Why it failed.' })
  problem?: ProblemDto;
}

/** What became of each document, in their order. */
export class ApplyResultDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['ApplyResult'] })
  kind!: 'ApplyResult';
  @ApiProperty({ type: 'boolean', description: 'Nothing was committed.' })
  dryRun!: boolean;
  @ApiProperty({ type: 'integer', description: 'Documents that failed; the others were applied.' })
  failed!: number;
  @ApiProperty({ type: [AppliedDto] })
  items!: AppliedDto[];
}
