import { request } from 'node:http';

export interface Answer {
  status: number;
  text: string;
}

/** A host on the machines' network: every address of 127.0.0.0/8 is one of this machine's own. */
export class Host {
  constructor(
    private readonly bastionUrl: () => string,
    readonly address: string,
  ) {}

  get(path: string): Promise<Answer> {
    return this.#send('GET', path);
  }

  post(path: string, body: unknown, token?: string): Promise<Answer> {
    return this.#send('POST', path, JSON.stringify(body), token);
  }

  /** Asks for its boot script; answers the path of the install's kickstart, if it got one. */
  async boot(
    mac: string,
    query = '',
  ): Promise<{ status: number; kickstart: string | undefined; text: string }> {
    const { status, text } = await this.get(`/boot/${mac.replaceAll(':', '-')}.ipxe${query}`);
    return { status, text, kickstart: /inst\.ks=\S+?(\/ks\/install\/\S+)/.exec(text)?.[1] };
  }

  /** Boots into the install; answers its report token. */
  async install(mac: string, query = ''): Promise<string> {
    const { kickstart } = await this.boot(mac, query);
    const { text } = await this.get(kickstart ?? '/no-kickstart');
    return /^LAB_TOKEN='?([\w-]+)'?$/m.exec(text)?.[1] ?? '';
  }

  async progress(
    token: string,
    stage: string,
    event: string,
    seq: number,
    more: object = {},
  ): Promise<number> {
    return (await this.post('/api/progress', { stage, event, seq, ...more }, token)).status;
  }

  #send(method: string, path: string, body?: string, token?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(
        `${this.bastionUrl()}${path}`,
        {
          method,
          localAddress: this.address,
          agent: false,
          headers: {
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => (text += part));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}
