import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../injection-tokens.js';
import { AuditTrail } from './audit-trail.repository.js';

const EVERY_MS = 1000;

/** Seals what was recorded, every second. */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    private readonly audit: AuditTrail,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#sealAll().finally(() => {
        this.#schedule();
      });
    }, EVERY_MS);
    this.#timer.unref();
  }

  async #sealAll(): Promise<void> {
    try {
      while (!this.#stopped && (await this.audit.seal())) continue;
    } catch (err) {
      this.log.error({ err }, 'audit rows could not be sealed; they wait');
    }
  }
}
