import { CONDITION_TYPES } from '@lab/domain';
import { ApiProperty } from '@nestjs/swagger';

/** A stated, dated fact beside a phase. */
export class ConditionDto {
  // Not an enumeration: a client lives with a newer labd.
  @ApiProperty({
    type: String,
    example: 'IdentityConflict',
    description: `${CONDITION_TYPES.join(', ')}; more may come.`,
  })
  type!: string;
  @ApiProperty({ example: 'True' })
  status!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-22T10:00:00.000Z' })
  since!: string;
  @ApiProperty({ example: 'SharedMac' })
  reason!: string;
  @ApiProperty({ example: '52:54:00:12:34:56 is also reported by node2' })
  message!: string;
}
