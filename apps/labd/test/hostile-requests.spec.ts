import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApiDocument } from '../src/openapi.js';
import { HostileRequests, seeded, type ApiDescription, type HostileRequest } from './hostile-requests.js';
import { runningLabd, type TestLabd } from './running-labd.js';

const REQUESTS = 10_000;
const AT_ONCE = 8;
/** These would end the login that the others need. */
const EXCEPT = ['logout'];

describe('ten thousand requests that nobody should send', () => {
  let labd: TestLabd;
  beforeAll(async () => {
    labd = await runningLabd();
  });
  afterAll(() => labd.stop());

  it('get an answer each: no 5xx, no stack trace, and of what is refused a problem that names the field', async () => {
    const description = openApiDocument(labd.app) as unknown as ApiDescription;
    const seed = Number(process.env['LABD_SPEC_SEED'] ?? 20_261_123);
    const requests = new HostileRequests(description, seeded(seed), EXCEPT);
    const wrong: unknown[] = [];
    const statuses = new Map<number, number>();
    let left = REQUESTS;
    const work = async (): Promise<void> => {
      while (left > 0 && wrong.length < 10) {
        left -= 1;
        const request = requests.next();
        const { status, verdict } = await judge(request);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (verdict !== undefined)
          wrong.push({ verdict, status, ...request, body: request.body?.slice(0, 600) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect({ seed, wrong }).toEqual({ seed, wrong: [] });
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    // Some get through: what is hostile to one field is fine in another.
    expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 404, 413, 415]));
    expect((await labd.call('GET', '/readyz', undefined, null)).status).toBe(200);
  }, 900_000);

  async function judge(request: HostileRequest): Promise<{ status: number; verdict: string | undefined }> {
    const end = new AbortController();
    const response = await fetch(new URL(request.path, labd.url), {
      method: request.method,
      headers: { authorization: `Bearer ${labd.adminToken}`, ...request.headers },
      ...(request.body !== undefined && { body: request.body }),
      signal: end.signal,
    });
    const { status } = response;
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) {
      end.abort();
      return { status, verdict: undefined };
    }
    const text = await response.text();
    if (status >= 500) return { status, verdict: `a ${status}: ${text}` };
    if (/\n\s+at |node_modules|\.js:\d+/.test(text) && status >= 400)
      return { status, verdict: `a stack trace: ${text}` };
    if (status < 400) return { status, verdict: undefined };
    if (!type.startsWith('application/problem+json'))
      return { status, verdict: `no problem document: ${type} ${text}` };
    const problem = JSON.parse(text) as { code?: string; hint?: string; errors?: unknown[] };
    if (status === 400 && request.wellFormed && (problem.errors ?? []).length === 0) {
      return { status, verdict: `names no field: ${text}` };
    }
    return { status, verdict: undefined };
  }
});
