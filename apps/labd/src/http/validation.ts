import { ValidationPipe } from '@nestjs/common';
import { LabError, type FieldError } from '@lab/domain';
import type { ValidationError } from 'class-validator';

/** What is validated holds what its class declares and nothing else. */
export const VALIDATION = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
} as const;

/** For bodies and queries. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    ...VALIDATION,
    transform: true,
    exceptionFactory: (invalid) => {
      const errors = invalid.flatMap((error) => fieldErrors(error, ''));
      const first = errors[0];
      return new LabError(
        'invalid',
        first === undefined ? 'The request is not valid' : `${first.path}: ${first.message}`,
        {
          hint: 'Compare the request with the API description at /docs.',
          errors,
        },
      );
    },
  });

/** What is wrong, each with the path of its field below `parent`. */
export function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const path = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({
    path,
    // What isn't there is no matter of length or form.
    message: error.value === undefined ? 'is missing' : withoutName(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, path))].slice(0, 50);
}

/** class-validator starts its messages with the property's name, which `path` says already. */
const withoutName = (message: string, property: string): string =>
  message === `property ${property} should not exist`
    ? 'is not known here'
    : (message.startsWith(`${property} `) ? message.slice(property.length + 1) : message).slice(0, 300);
