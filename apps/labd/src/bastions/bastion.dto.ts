import { ApiProperty } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { ApiNullable } from '../http/api-nullable.decorator.js';
import { ConditionDto } from '../servers/server.dto.js';
import { PlaceSpecDto } from '../resources/place-spec.dto.js';
import { ResourceMetadataDto } from '../resources/resource.dto.js';

class IncompleteProfileDto {
  @ApiProperty({ example: 'fedora-43' })
  name!: string;
  @ApiProperty({
    type: [String],
    example: ['images/pxeboot/vmlinuz'],
    description: 'Files of its install tree that are not there.',
  })
  missing!: string[];
}

class BastionStatusDto {
  @ApiProperty({ enum: ['up', 'down'] })
  link!: 'up' | 'down';
  @ApiNullable({ type: String, example: 'http://192.168.77.1:7071' })
  url!: string | null;
  @ApiNullable({ type: String, example: '0.1.0' })
  softwareVersion!: string | null;
  @ApiProperty({ type: 'integer', example: 3 })
  servers!: number;
  @ApiProperty({ type: [String], example: ['fedora-43'] })
  profiles!: string[];
  @ApiProperty({
    type: [String],
    example: ['fedora-43'],
    description: 'Profiles whose install tree is there, or that need none.',
  })
  installableProfiles!: string[];
  @ApiProperty({
    type: [IncompleteProfileDto],
    description: 'Profiles that can’t be installed as it is: an order of one is refused.',
  })
  incompleteProfiles!: IncompleteProfileDto[];
  @ApiNullable({ type: [String], example: ['worker', 'small'], description: 'Disk layouts; null: not told.' })
  layouts!: string[] | null;
  @ApiNullable({ type: [String], example: ['worker'], description: 'Roles; null: not told.' })
  roles!: string[] | null;
  @ApiNullable({ type: String, format: 'date-time' })
  lastSeenAt!: string | null;
  @ApiProperty({
    type: [ConditionDto],
    description: 'What it has to say of itself, such as a flood of new machines.',
  })
  conditions!: ConditionDto[];
}

/** Machines that the bastion discovers start there. */
export class BastionSpecDto extends PlaceSpecDto {}

/** A site's daemon. It comes by enrolment. */
export class BastionDto {
  @ApiProperty({ enum: ['lab/v1'] })
  apiVersion!: 'lab/v1';
  @ApiProperty({ enum: ['Bastion'] })
  kind!: 'Bastion';
  @ApiProperty()
  metadata!: ResourceMetadataDto;
  @ApiProperty()
  spec!: BastionSpecDto;
  @ApiProperty()
  status!: BastionStatusDto;
}

export class EnrolDto {
  @ApiProperty({ example: 'lab_join_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  token!: string;
  @ApiProperty({ example: 'site-a' })
  @IsString()
  @MaxLength(253)
  name!: string;
}

export class EnrolledDto {
  @ApiProperty({ format: 'uuid' })
  bastionId!: string;
  @ApiProperty({ description: 'Bearer credential of the link; shown only now.' })
  credential!: string;
}
