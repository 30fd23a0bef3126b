import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/** A property that is always there and may be null: a union with null leaves no type for reflection to find. */
export const ApiNullable = (options: ApiPropertyOptions): PropertyDecorator =>
  ApiProperty({ ...options, nullable: true });
