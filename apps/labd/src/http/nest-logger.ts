import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own words in the program's log; its start-up chatter is for debugging. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, text(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const err = message instanceof Error ? message : undefined;
    // What the application itself reports it also throws, and whoever called it tells.
    const level = contextOf(rest) === 'NestApplication' ? 'debug' : 'error';
    this.logger[level]({ context: contextOf(rest), ...(err !== undefined && { err }) }, text(message));
  }
}

const contextOf = (rest: readonly unknown[]): string | undefined => {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
};

const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));
