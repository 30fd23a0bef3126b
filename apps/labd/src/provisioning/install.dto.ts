import { INSTALL_STATES, SERVER_ROLES, STAGE_NAMES } from '@lab/domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { OrderWarningDto } from './order.dto.js';
import { ConditionDto } from '../servers/condition.dto.js';
import { ListMetadataDto, NamedRefDto, ResourceMetadataDto } from '../resources/resource.dto.js';

class EvidenceLineDto {
  @ApiNullable({ type: 'integer', example: 812, description: 'In the log; null: it came with the report.' })
  number!: number | null;
  @ApiProperty({ example: 'packaging' })
  source!: string;
  @ApiNullable({ type: String, example: 'packages' })
  stage!: string | null;
  @ApiProperty({ example: 'No match for argument: k3s-selinux' })
  text!: string;
}

/** What the failure comes from, by the rules in docs/runbooks/failed-installs.md. */
export class DiagnosisDto {
  @ApiNullable({ type: String, example: 'package-missing', description: 'Null: no rule knows it.' })
  rule!: string | null;
  @ApiProperty({
    enum: ['stated', 'likely', 'unknown'],
    enumName: 'DiagnosisCertainty',
    example: 'stated',
    description:
      'stated: the failed stage says so; likely: another part of the log does; unknown: the evidence is the best there is.',
  })
  certainty!: 'stated' | 'likely' | 'unknown';
  @ApiProperty({ example: 'a package or group is not in the repositories' })
  cause!: string;
  @ApiNullable({ type: String })
  explanation!: string | null;
  @ApiNullable({ type: String, description: 'What to do.' })
  next!: string | null;
  @ApiNullable({ type: String, example: 'docs/runbooks/failed-installs.md#package-missing' })
  runbook!: string | null;
  @ApiProperty({ type: [EvidenceLineDto], description: 'The first causal line, and what followed it.' })
  evidence!: EvidenceLineDto[];
}

/** The stated cause of a failure, as the kickstart's traps caught it. */
export class InstallFailureDto {
  @ApiNullable({ type: String, example: '%pre' })
  section!: string | null;
  @ApiProperty({ enum: STAGE_NAMES, enumName: 'StageName', example: 'disk' })
  stage!: string;
  @ApiNullable({ type: 'integer', example: 41, description: 'From 1, in the section’s own text.' })
  line!: number | null;
  @ApiNullable({ type: String, example: 'sfdisk /dev/vda' })
  command!: string | null;
  @ApiNullable({ type: 'integer', example: 1 })
  exitCode!: number | null;
  @ApiProperty({ type: [String] })
  lastLines!: string[];
  @ApiNullable({ type: String, example: 'no disk matches the rule' })
  message!: string | null;
  @ApiNullable({ type: DiagnosisDto, description: 'Null for a stage; the install has it.' })
  diagnosis!: DiagnosisDto | null;
}

/** One attempt to put an OS on a server. */
export class InstallSummaryDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ type: 'integer', example: 1, description: '1 for the server’s first install.' })
  attempt!: number;
  @ApiProperty({ enum: INSTALL_STATES, enumName: 'InstallState', example: 'installing' })
  state!: string;
  @ApiProperty({ example: 'fedora-43' })
  profile!: string;
  @ApiProperty({ enum: SERVER_ROLES, enumName: 'ServerRole', example: 'worker' })
  role!: string;
  @ApiProperty({ example: 'node1' })
  hostname!: string;
  @ApiNullable({ type: String, example: 'packages', description: 'The stage that runs, or that came last.' })
  stage!: string | null;
  @ApiProperty({ format: 'date-time' })
  queuedAt!: string;
  @ApiNullable({ type: String, format: 'date-time' })
  startedAt!: string | null;
  @ApiNullable({ type: String, format: 'date-time' })
  finishedAt!: string | null;
  @ApiNullable({ type: InstallFailureDto })
  failure!: InstallFailureDto | null;
  @ApiProperty({
    type: [OrderWarningDto],
    description: 'What its order was known to meet when it was given.',
  })
  warnings!: OrderWarningDto[];
}

export class InstallStageDto {
  @ApiProperty({ enum: STAGE_NAMES, enumName: 'StageName', example: 'disk' })
  name!: string;
  @ApiProperty({ example: 'Disk choice' })
  title!: string;
  @ApiProperty({ enum: ['pending', 'running', 'succeeded', 'failed'], enumName: 'StageState' })
  state!: string;
  @ApiNullable({ type: String, format: 'date-time' })
  startedAt!: string | null;
  @ApiNullable({ type: String, format: 'date-time' })
  endedAt!: string | null;
  @ApiNullable({ type: String })
  message!: string | null;
  @ApiNullable({ type: InstallFailureDto })
  failure!: InstallFailureDto | null;
  @ApiPropertyOptional({
    example: 252,
    description:
      'Seconds: the median of past installs of the profile, else what is expected. Not in the event stream.',
  })
  usualSeconds?: number;
}

/** What an install waits for. */
export class AwaitedDto {
  @ApiProperty({ example: 'the installer on the machine' })
  from!: string;
  @ApiProperty({ example: 'to finish the packages' })
  what!: string;
  @ApiNullable({ enum: STAGE_NAMES, enumName: 'StageName', example: 'packages' })
  stage!: string | null;
  @ApiProperty({ format: 'date-time' })
  since!: string;
  @ApiProperty({ format: 'date-time', description: 'From then on the server is Stuck.' })
  until!: string;
}

export class InstallDto extends InstallSummaryDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Install'] })
  kind!: 'Install';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  server!: NamedRefDto;
  @ApiPropertyOptional({ type: [InstallStageDto], description: 'Not in lists.' })
  stages?: InstallStageDto[];
  @ApiNullable({
    type: AwaitedDto,
    required: false,
    description: 'Null once the install has ended. Not in lists.',
  })
  awaited?: AwaitedDto | null;
  @ApiProperty({
    type: [ConditionDto],
    description: 'The conditions of its server while it runs; none once it has ended.',
  })
  conditions!: ConditionDto[];
  @ApiProperty({ type: 'integer', description: 'Lines in its log.' })
  logTotal!: number;
}

export class InstallListDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['List'] })
  kind!: 'List';
  @ApiProperty()
  metadata!: ListMetadataDto;
  @ApiProperty({ type: [InstallDto] })
  items!: InstallDto[];
}
