import { SERVER_PHASES } from '@lab/domain';
import { ApiProperty } from '@nestjs/swagger';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { InstallSummaryDto } from '../provisioning/install.dto.js';
import { ResourceMetadataDto, NamedRefDto } from '../resources/resource.dto.js';
import { ServerSpecDto } from './server-spec.dto.js';
import { DiskDto, HardwareDto, NicDto, SystemDto } from './hardware.dto.js';

export class ConditionDto {
  @ApiProperty({ example: 'IdentityConflict' })
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

export class ForgottenDto {
  @ApiProperty()
  metadata!: NamedRefDto;
}
