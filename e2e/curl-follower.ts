import { spawn, type ChildProcess } from 'node:child_process';

export interface ServerSentEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** `curl -N` on an event stream, as a person runs it. */
export class CurlFollower {
  readonly events: ServerSentEvent[] = [];
  readonly #child: ChildProcess;
  readonly ended: Promise<void>;

  constructor(url: string, token: string, lastEventId?: string) {
    const resume = lastEventId === undefined ? [] : ['-H', `Last-Event-ID: ${lastEventId}`];
    // The token is not for everybody who can see the processes.
    const args = ['-q', '-N', '--silent', '--noproxy', '*', '-H', '@-', ...resume, url];
    this.#child = spawn('curl', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdin?.end(`authorization: Bearer ${token}\n`);
    let text = '';
    this.#child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      this.events.push(...blocks.flatMap((block) => parse(block) ?? []));
    });
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', () => resolve());
    });
  }

  /** The numbers of the log lines that have come. */
  get lines(): number[] {
    return this.events.filter(({ event }) => event === 'log').map(({ data }) => Number(data['number']));
  }

  stop(): void {
    this.#child.kill();
  }
}

function parse(block: string): ServerSentEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  const [id, event, data] = ['id', 'event', 'data'].map((name) => fields.get(name));
  if (id === undefined || event === undefined || data === undefined) return undefined;
  return { id, event, data: JSON.parse(data) as Record<string, unknown> };
}
