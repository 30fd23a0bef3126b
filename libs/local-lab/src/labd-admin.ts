import { LabError } from '@lab/domain';

interface Session {
  accessToken: string;
}

/** The few calls to labd that setting up a local lab takes, as its administrator. */
export class LabdAdmin {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async login(url: string, username: string, password: string): Promise<LabdAdmin> {
    const session = (await call(`${url}/api/v1/auth/login`, { username, password })) as Session;
    return new LabdAdmin(url, session.accessToken);
  }

  /** A token that enrols one bastion within ten minutes. */
  async bastionJoinToken(): Promise<string> {
    const body = { spec: { for: 'bastion', maxUses: 1, expiresInSeconds: 600 } };
    const created = (await call(`${this.#url}/api/v1/tokens`, body, this.#token)) as {
      status: { token: string };
    };
    return created.status.token;
  }

  /** How many servers are known, up to a thousand. */
  async serverCount(): Promise<number> {
    const list = (await call(`${this.#url}/api/v1/servers?limit=1000`, undefined, this.#token)) as {
      items: unknown[];
    };
    return list.items.length;
  }

  /** Whether the bastion of that name or ID has its link up. */
  async isLinked(bastion: string): Promise<boolean> {
    const list = (await call(`${this.#url}/api/v1/bastions`, undefined, this.#token)) as {
      items: { metadata: { name: string; id: string }; status: { link: string } }[];
    };
    return list.items.some(
      ({ metadata, status }) => [metadata.name, metadata.id].includes(bastion) && status.link === 'up',
    );
  }
}

async function call(url: string, body?: object, token?: string): Promise<unknown> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const problem = answer as { code?: string; detail?: string; hint?: string };
  throw new LabError(
    response.status === 401 ? 'not-logged-in' : 'internal',
    problem.detail ?? `${url} answered ${response.status}`,
    {
      ...(problem.hint !== undefined && { hint: problem.hint }),
    },
  );
}
