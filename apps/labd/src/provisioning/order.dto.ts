import { ORDER_WARNINGS } from '@lab/domain';
import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../http/api-nullable.decorator.js';

/** What an order will meet, unless something changes until the machine boots. */
export class OrderWarningDto {
  // Not enumerations: a client lives with a newer labd.
  @ApiProperty({
    type: String,
    example: 'DiskHoldsData',
    description: `${ORDER_WARNINGS.join(', ')}; more may come.`,
  })
  type!: string;
  @ApiNullable({
    type: String,
    example: 'disk',
    description: 'The stage in which the install will stop or wait.',
  })
  stage!: string | null;
  @ApiNullable({
    type: String,
    example: 'DiskMismatch',
    description: 'The condition that the server has then.',
  })
  condition!: string | null;
  @ApiProperty({
    example: 'The disk vda (serial lab0001) holds data, and the order doesn’t allow to erase it.',
  })
  message!: string;
  @ApiNullable({ type: String, description: 'What to do about it.' })
  hint!: string | null;
}

/** The disk that an install goes on, as the machine last reported it. */
export class TargetDiskDto {
  @ApiProperty({ example: '/dev/vda' })
  path!: string;
  @ApiProperty({ type: 'integer', format: 'int64', example: 268_435_456_000 })
  sizeBytes!: number;
  @ApiNullable({ type: String })
  model!: string | null;
  @ApiNullable({ type: String, example: 'lab0001' })
  serial!: string | null;
  @ApiNullable({ type: String })
  wwn!: string | null;
  @ApiNullable({ type: String })
  byId!: string | null;
  @ApiProperty({
    example: 'Fedora Linux 43 (fedora-43), of install 2',
    description: 'What is on it, as far as is known.',
  })
  holds!: string;
}

class BastionLinkDto {
  @ApiProperty({ example: 'site-a' })
  name!: string;
  @ApiProperty({ enum: ['up', 'down'], enumName: 'LinkState' })
  link!: 'up' | 'down';
}

/** What an order comes to: on which disk, what is erased, where, and why. */
export class OrderPlanDto {
  @ApiProperty({ enum: ['provision', 'reprovision', 'cancel', 'forget'], enumName: 'OrderAction' })
  action!: 'provision' | 'reprovision' | 'cancel' | 'forget';
  @ApiNullable({ type: BastionLinkDto, description: 'Which bastion carries it out.' })
  bastion!: BastionLinkDto | null;
  @ApiNullable({ type: String, example: 'worker', description: 'Disk layout; null: the bastion knows.' })
  layout!: string | null;
  @ApiNullable({ type: TargetDiskDto, description: 'Null: none, or the machine decides by the disk rule.' })
  disk!: TargetDiskDto | null;
  @ApiProperty({ type: 'boolean', description: 'Whether data will be destroyed, as far as is known.' })
  erases!: boolean;
  @ApiProperty({ example: 'The order allows to erase the disk.' })
  why!: string;
}
