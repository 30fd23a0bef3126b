import { randomUUID } from 'node:crypto';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOGGER, SETTINGS, type Settings } from '../injection-tokens.js';
import { Changes, type Hint } from './changes.notifier.js';

const SUBJECT = 'lab.changes';
const RECONNECT_EVERY_MS = 1000;

const message = z.object({
  from: z.string(),
  bastions: z.array(z.object({ bastionId: z.string(), removed: z.array(z.string()) })),
  installs: z.array(z.string()),
  // Replicas before it don't say so.
  networks: z.boolean().optional(),
});

/** Takes hints to the other replicas and theirs to us. Without NATS, or while it is away, each replica looks by itself. */
@Injectable()
export class NatsFanOut implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #replica = randomUUID();
  #connection: NatsConnection | undefined;
  #stopListening: () => void = () => undefined;
  #stopped = false;

  constructor(
    private readonly changes: Changes,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { natsUrl } = this.settings;
    if (natsUrl === undefined) return;
    // labd is as good as ever while NATS can't be reached, only slower to hear of the others.
    this.#connect(natsUrl).catch((err: unknown) => {
      this.log.error({ err }, 'NATS can not be used');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    await this.#connection?.close();
  }

  async #connect(natsUrl: string): Promise<void> {
    const { username, password, protocol, host } = new URL(natsUrl);
    const connection = await connect({
      servers: host,
      ...(username !== '' && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
      ...(protocol === 'tls:' && { tls: {} }),
      name: 'labd',
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_EVERY_MS,
      waitOnFirstConnect: true,
    });
    this.#connection = connection;
    if (this.#stopped) {
      await connection.close();
      return;
    }
    this.log.info({ server: connection.getServer() }, 'NATS carries hints between replicas');
    connection.subscribe(SUBJECT, {
      callback: (err, { data }) => {
        if (err === null) this.#receive(data);
      },
    });
    this.#stopListening = this.changes.onHint((hint) => {
      this.#send(connection, hint);
    });
    void this.#watchStatus(connection);
  }

  #send(connection: NatsConnection, hint: Hint): void {
    // While it is away nothing is queued: hints of the past are of no use.
    if (connection.isClosed()) return;
    connection.publish(SUBJECT, JSON.stringify({ from: this.#replica, ...hint }));
  }

  #receive(data: Uint8Array): void {
    try {
      const { from, ...hint } = message.parse(JSON.parse(Buffer.from(data).toString('utf8')));
      if (from !== this.#replica) this.changes.heard(hint);
    } catch (err) {
      this.log.warn({ err }, 'a message of NATS is not a hint');
    }
  }

  async #watchStatus(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') this.log.warn('NATS is away: hints to other replicas wait');
      if (type === 'reconnect') this.log.info('NATS is back');
    }
  }
}
