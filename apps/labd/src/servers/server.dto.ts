import { SERVER_PHASES } from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { OrderPlanDto, OrderWarningDto } from '../provisioning/order.dto.js';
import { InstallSummaryDto } from '../provisioning/install.dto.js';
import { ResourceMetadataDto, NamedRefDto } from '../resources/resource.dto.js';
import { ServerSpecDto } from './server-spec.dto.js';
import { ConditionDto } from './condition.dto.js';
import { BootOrderDto, DiskDto, HardwareDto, NicDto, SystemDto } from './hardware.dto.js';

export { ConditionDto };

class MembershipDto extends NamedRefDto {
  @ApiProperty({ enum: ['control-plane', 'worker'] })
  role!: string;
}

export class ServerStatusDto {
  @ApiProperty({ enum: SERVER_PHASES, enumName: 'ServerPhase', example: 'installed' })
  phase!: string;
  @ApiProperty({ type: [ConditionDto] })
  conditions!: ConditionDto[];
  @ApiNullable({
    type: String,
    example: 'fedora-43',
    description: 'Profile that is installed or being installed.',
  })
  os!: string | null;
  @ApiNullable({ type: String, example: '52:54:00:12:34:56', description: 'MAC of the NIC that booted.' })
  mac!: string | null;
  @ApiNullable({ type: String, example: '192.168.77.100', description: 'Without prefix length.' })
  address!: string | null;
  @ApiNullable({ type: NamedRefDto })
  bastion!: NamedRefDto | null;
  @ApiNullable({ type: String, format: 'date-time' })
  lastSeenAt!: string | null;
  @ApiNullable({ type: MembershipDto, description: 'The cluster that it is a member of.' })
  cluster!: MembershipDto | null;
  @ApiProperty()
  hardware!: HardwareDto;
  @ApiNullable({
    type: BootOrderDto,
    description: 'As the last install that succeeded has found and left it.',
  })
  bootOrder!: BootOrderDto | null;
  @ApiProperty({ type: [NicDto] })
  nics!: NicDto[];
  @ApiProperty({ type: [DiskDto] })
  disks!: DiskDto[];
  @ApiNullable({ type: SystemDto })
  system!: SystemDto | null;
  @ApiNullable({ type: InstallSummaryDto, description: 'The newest install.' })
  install!: InstallSummaryDto | null;
}

/** A machine that we track, from its discovery on. */
export class ServerDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Server'] })
  kind!: 'Server';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: ServerSpecDto;
  @ApiProperty()
  status!: ServerStatusDto;
}

/** The server after an order; after a dry run, as it would be. */
export class OrderedServerDto extends ServerDto {
  @ApiProperty({ type: 'boolean', description: 'Nothing was committed.' })
  dryRun!: boolean;
  @ApiProperty({ type: [OrderWarningDto], description: 'What the order will meet as things stand.' })
  warnings!: OrderWarningDto[];
  @ApiProperty()
  plan!: OrderPlanDto;
}

export class ForgottenDto {
  @ApiProperty()
  metadata!: NamedRefDto;
  @ApiPropertyOptional({ type: 'boolean', description: 'Nothing was committed.' })
  dryRun?: boolean;
  @ApiPropertyOptional({ description: 'Of a dry run: what it would come to.' })
  plan?: OrderPlanDto;
}
