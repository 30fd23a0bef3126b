import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import type { BastionConfig } from './config.js';

/** The program's own log: JSON lines on stdout. Facts go into the first argument, messages are constant. */
export type BastionLog = Logger;
export const BASTION_LOG = Symbol('BastionLog');

export const createLog = (level: BastionConfig['logLevel']): BastionLog =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });

/** Nest's own messages: its tour of modules and routes is of interest only to a developer. */
export class NestLog implements LoggerService {
  constructor(private readonly bastionLog: BastionLog) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.bastionLog.debug({ context: rest.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.bastionLog.error({ details: rest }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.bastionLog.warn({ context: rest.at(-1) }, String(message));
  }
}
