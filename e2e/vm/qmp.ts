import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '@lab/domain';

interface Answer {
  return?: unknown;
  error?: { class: string; desc: string };
  event?: string;
  data?: { reason?: string };
}

/** Called with each event's name and the reason that it gives, if it gives one. */
export type QmpEvents = (event: string, reason: string | undefined) => void;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** A QEMU Machine Protocol session: one JSON object a line, answers in the order of the commands. */
export class Qmp {
  private readonly waiting: Waiting[] = [];
  private buffer = '';

  private constructor(
    private readonly socket: Socket,
    private readonly events: QmpEvents,
  ) {
    socket.setEncoding('utf8').on('data', (text: string) => this.receive(text));
    socket.on('close', () => this.fail('QEMU closed its control socket'));
    socket.on('error', (error) => this.fail(error.message));
  }

  /** Waits until QEMU has made its socket, then opens the session. `gaveUp` says why waiting is useless. */
  static async open(path: string, gaveUp: () => string | undefined, events: QmpEvents): Promise<Qmp> {
    for (let tries = 0; ; tries += 1) {
      const socket = await new Promise<Socket | undefined>((resolve) => {
        const attempt = connect(path);
        attempt.once('connect', () => resolve(attempt)).once('error', () => resolve(undefined));
      });
      if (socket !== undefined) {
        const qmp = new Qmp(socket, events);
        await qmp.command('qmp_capabilities');
        return qmp;
      }
      const reason = gaveUp() ?? (tries >= 100 ? 'it made no control socket in 5 s' : undefined);
      if (reason !== undefined) throw new LabError('environment', `QEMU did not start: ${reason}`);
      await delay(50);
    }
  }

  /** Runs one command, such as `system_reset`; rejects with QEMU's own words. */
  async command(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return await new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.socket.write(`${JSON.stringify({ execute: name, arguments: args })}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(text: string): void {
    this.buffer += text;
    const lines = this.buffer.split('\n');
    this.buffer = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as Answer;
      if (answer.error !== undefined) this.waiting.shift()?.reject(new Error(`QEMU: ${answer.error.desc}`));
      else if (answer.event !== undefined) this.events(answer.event, answer.data?.reason);
      else if ('return' in answer) this.waiting.shift()?.resolve(answer.return);
    }
  }

  private fail(reason: string): void {
    for (const { reject } of this.waiting.splice(0)) reject(new Error(reason));
  }
}
