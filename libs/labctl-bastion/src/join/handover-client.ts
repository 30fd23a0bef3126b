import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionError, LabError, problemError, type Transport } from '@lab/cli-kit';
import { isHeader, readHandover, type HandoverHeader, type HandoverPart } from './handover-file.js';

export interface HandoverState {
  bastionId: string;
  state: 'receiving' | 'complete';
  receivedParts: number;
}

export interface Conflict {
  kind: string;
  name: string;
  reason: string;
}

export interface Checked {
  cloud: string;
  environment: string;
  conflicts: Conflict[];
}

interface CheckedServer {
  id: string;
  name: string;
  macs: string[];
}

/** Servers in a question: labd takes requests of 256 KiB. */
const ASKED_AT_ONCE = 500;
const TRIES = 5;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The calls to the labd that a site joins. */
export class HandoverClient {
  constructor(private readonly transport: Transport) {}

  /** Everything that is in the way, before anything changes. */
  async check(token: string, name: string, file: string): Promise<Checked> {
    let result = await this.#ask({ token, name, servers: [], networks: [], clusters: [] });
    for await (const question of questions(file)) {
      const { conflicts } = await this.#ask({ token, name, ...question });
      const fresh = conflicts.filter(({ kind }) => kind !== 'Bastion');
      result = { ...result, conflicts: [...result.conflicts, ...fresh] };
    }
    return result;
  }

  open(
    token: string,
    credential: string,
    name: string,
    { id, bastion, counts }: HandoverHeader,
  ): Promise<HandoverState> {
    const { planGeneration, streams } = bastion;
    return this.#post('/api/v1/handovers', {
      ...{ id, token, name, credential, planGeneration, streams, counts },
    });
  }

  part(id: string, credential: string, part: HandoverPart): Promise<HandoverState> {
    return this.#post(`/api/v1/handovers/${encodeURIComponent(id)}/parts`, part, credential);
  }

  complete(id: string, credential: string): Promise<HandoverState> {
    return this.#post(`/api/v1/handovers/${encodeURIComponent(id)}/complete`, undefined, credential);
  }

  #ask(body: object): Promise<Checked> {
    return this.#post('/api/v1/handovers/check', body);
  }

  /** All of these may be sent twice: an answer that was lost costs nothing. */
  async #post<T>(path: string, body: object | undefined, credential?: string): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.transport.send({ method: 'POST', path, body }, credential);
        if (answer.status < 300) return JSON.parse(answer.body) as T;
        if (answer.status === 404 && path.endsWith('/handovers/check')) throw tooOld(this.transport.server);
        throw problemError(answer.status, answer.body);
      } catch (error) {
        const isPassing =
          error instanceof ConnectionError ||
          (error instanceof LabError &&
            ['not-ready', 'database-unavailable', 'too-many-requests'].includes(error.code));
        if (!isPassing || attempt >= TRIES) throw error;
        await sleep(200 * 2 ** attempt);
      }
    }
  }
}

const tooOld = (server: string): LabError =>
  new LabError('environment', `the labd at ${server} knows no hand-overs`, {
    hint: 'Upgrade it: it has to be at least as new as this site.',
  });

type Question = { servers: CheckedServer[]; networks: string[]; clusters: string[] };

/** Names, IDs and MAC addresses of a hand-over, so many at a time. Servers come before their NICs: they are kept, and little of each. */
async function* questions(file: string): AsyncGenerator<Question> {
  const servers = new Map<string, CheckedServer>();
  const question: Question = { servers: [], networks: [], clusters: [] };
  for await (const part of readHandover(file)) {
    if (isHeader(part)) continue;
    for (const row of part.rows) {
      const [id, name] = [text(row['id']), text(row['name'])];
      if (part.kind === 'networks') question.networks.push(name);
      else if (part.kind === 'clusters') question.clusters.push(name);
      else if (part.kind === 'servers') servers.set(id, { id, name, macs: [] });
      else if (part.kind === 'nics' && (row['boot'] === true || row['declared'] === true)) {
        servers.get(text(row['server_id']))?.macs.push(text(row['mac']));
      }
    }
    if (part.kind === 'installs') break;
  }
  for (const list of [question.networks, question.clusters]) {
    while (list.length > 0) {
      const names = list.splice(0, ASKED_AT_ONCE);
      yield {
        servers: [],
        networks: list === question.networks ? names : [],
        clusters: list === question.clusters ? names : [],
      };
    }
  }
  const all = [...servers.values()];
  while (all.length > 0) yield { servers: all.splice(0, ASKED_AT_ONCE), networks: [], clusters: [] };
}
