import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runningLabd, type TestLabd } from '../../test/running-labd.js';

let labd: TestLabd;
beforeAll(async () => {
  labd = await runningLabd();
});
afterAll(() => labd.stop());

describe('metrics', () => {
  it('tell of requests by route, of statements, servers, installs, links and the feed', async () => {
    await labd.call('POST', '/api/v1/servers', { metadata: { name: 'node1' } });
    await labd.call('GET', '/api/v1/servers/node1');
    await labd.call('GET', '/nowhere/at-all');
    const { status, body } = await labd.call<string>('GET', '/metrics');
    expect(status).toBe(200);
    const value = (name: string): number =>
      Number(new RegExp(`^${name.replaceAll(/[{}"\\]/g, String.raw`\$&`)} (\\S+)$`, 'm').exec(body)?.[1]);
    expect(
      value(
        'labd_http_request_duration_seconds_count{method="GET",route="/api/v1/servers/:ref",status="200"}',
      ),
    ).toBe(1);
    expect(value('labd_sql_statements_total')).toBeGreaterThan(10);
    expect(value('labd_servers{phase="discovered"}')).toBe(1);
    expect(value('labd_installs{state="installing"}')).toBe(0);
    expect(value('labd_links')).toBe(0);
    expect(value('labd_feed_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('labd_watchers')).toBe(0);
    expect(body).not.toContain('nowhere/at-all');
    expect(body).not.toContain('node1');
  });

  it('are for those who may read everything', async () => {
    expect((await labd.call('GET', '/metrics', undefined, null)).status).toBe(401);
    const token = await labd.userWith('read:dc1:*:*');
    expect((await labd.call('GET', '/metrics', undefined, token)).status).toBe(403);
  });
});
