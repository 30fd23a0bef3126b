import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiProperty,
  ApiPropertyOptional,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';

class FieldErrorDto {
  @ApiProperty({ example: 'hostname' })
  path!: string;
  @ApiProperty({ example: 'must be an RFC 1123 host name' })
  message!: string;
}

/** RFC 9457 problem document. */
export class ProblemDto {
  @ApiProperty({ example: 'urn:lab:problem:illegal-transition' })
  type!: string;
  @ApiProperty({ example: 'illegal transition' })
  title!: string;
  @ApiProperty({ example: 409 })
  status!: number;
  @ApiProperty({ example: 'illegal-transition' })
  code!: string;
  @ApiProperty({ example: 'node1: an install is running already' })
  detail!: string;
  @ApiPropertyOptional({ example: 'Wait for the install, or cancel it.' })
  hint?: string;
  @ApiPropertyOptional({ type: [FieldErrorDto] })
  errors?: FieldErrorDto[];
  @ApiPropertyOptional({
    example: '3f0e7a52-6c8f-4c55-8a5b-0f6a0f0f6d0a',
    description: 'Find it in the log.',
  })
  requestId?: string;
}

const MEANING = {
  400: 'The request is not valid; `errors` names the fields.',
  401: 'Not logged in, or the token has expired.',
  403: 'Not allowed.',
  404: 'There is no such thing, or you may not read it.',
  409: 'It is ambiguous, exists already, has changed meanwhile, or can’t be done in its present phase.',
  410: 'The cursor lies before what is kept.',
  429: 'Too many attempts; `Retry-After` says when to try again.',
} as const;

/** Declares which problems a route answers. */
export const ApiProblems = (...statuses: (keyof typeof MEANING)[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ApiExtraModels(ProblemDto),
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: MEANING[status],
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } } },
      }),
    ),
  );
