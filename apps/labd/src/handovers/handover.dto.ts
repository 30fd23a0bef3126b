import { HANDOVER_KINDS } from '@lab/database';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const MOST_CHECKED = 2000;

export class CheckedServerDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
  @ApiProperty({ example: 'node1' })
  @IsString()
  @MaxLength(253)
  name!: string;
  @ApiProperty({ type: [String], description: 'MAC addresses that it boots from, or that were declared.' })
  @IsArray()
  @ArrayMaxSize(64)
  @IsString({ each: true })
  @MaxLength(17, { each: true })
  macs!: string[];
}

/** What somebody has in mind to hand over: nothing is written. */
export class CheckHandoverDto {
  @ApiProperty({
    description: 'A join token, which is not used up.',
    example: 'lab_join_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  token!: string;
  @ApiProperty({ example: 'site-a', description: 'Of the bastion.' })
  @IsString()
  @MaxLength(253)
  name!: string;
  @ApiProperty({ type: [CheckedServerDto], example: [] })
  @IsArray()
  @ArrayMaxSize(MOST_CHECKED)
  @ValidateNested({ each: true })
  @Type(() => CheckedServerDto)
  servers!: CheckedServerDto[];
  @ApiProperty({ type: [String], example: ['lab'] })
  @IsArray()
  @ArrayMaxSize(MOST_CHECKED)
  @IsString({ each: true })
  @MaxLength(253, { each: true })
  networks!: string[];
  @ApiProperty({ type: [String], example: ['prod'] })
  @IsArray()
  @ArrayMaxSize(MOST_CHECKED)
  @IsString({ each: true })
  @MaxLength(253, { each: true })
  clusters!: string[];
}

export class HandoverConflictDto {
  @ApiProperty({ enum: ['Server', 'Network', 'Cluster', 'Bastion'] })
  kind!: string;
  @ApiProperty({ example: 'node1' })
  name!: string;
  @ApiProperty({ example: 'there is a server of that name' })
  reason!: string;
}

export class HandoverCheckedDto {
  @ApiProperty({ example: 'default' })
  cloud!: string;
  @ApiProperty({
    example: 'default',
    description: 'Where all that is handed over will be: the join token says so.',
  })
  environment!: string;
  @ApiProperty({ type: [HandoverConflictDto] })
  conflicts!: HandoverConflictDto[];
}

export class HandoverStreamDto {
  @ApiProperty({ enum: ['facts', 'logs'] })
  @IsIn(['facts', 'logs'])
  stream!: string;
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  epoch!: string;
  @ApiProperty({ type: 'integer' })
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  seq!: number;
}

/** Enrols a bastion that brings along what its own labd knew. May be repeated: the same hand-over is opened once. */
export class OpenHandoverDto {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
  @ApiProperty({
    description: 'A join token for a bastion.',
    example: 'lab_join_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  token!: string;
  @ApiProperty({ example: 'site-a' })
  @IsString()
  @MaxLength(253)
  name!: string;
  @ApiProperty({
    description:
      'The credential of its link, which the bastion made itself: `lab_bastion_` and 32 random bytes in base64url. So none is lost when an answer is.',
    example: 'lab_bastion_nJ0b4pNqN7bB0V1m2XfO3rKc9wZkQyTgUeHs5iLdAaM',
  })
  @Matches(/^lab_bastion_[A-Za-z0-9_-]{43}$/)
  credential!: string;
  @ApiProperty({
    type: 'integer',
    example: 7,
    description: 'The newest generation of plans that the bastion may hold.',
  })
  @IsInt()
  @Min(0)
  @Max(2 ** 48)
  planGeneration!: number;
  @ApiProperty({
    type: [HandoverStreamDto],
    example: [],
    description: 'How far its spools are committed.',
  })
  @IsArray()
  @ArrayMaxSize(8)
  @ValidateNested({ each: true })
  @Type(() => HandoverStreamDto)
  streams!: HandoverStreamDto[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { servers: 3 },
    description: 'Rows of each kind.',
  })
  @IsObject()
  counts!: Record<string, number>;
}

export class HandoverStateDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  bastionId!: string;
  @ApiProperty({ enum: ['receiving', 'complete'] })
  state!: string;
  @ApiProperty({ type: 'integer', description: 'Parts that were taken in: the next one is one more.' })
  receivedParts!: number;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  received!: Record<string, number>;
}

export class HandoverPartDto {
  @ApiProperty({ type: 'integer', minimum: 1, example: 1 })
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  part!: number;
  @ApiProperty({ enum: HANDOVER_KINDS })
  @IsIn(HANDOVER_KINDS)
  kind!: string;
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, example: [] })
  @IsArray()
  @ArrayMaxSize(1000)
  rows!: unknown[];
}
