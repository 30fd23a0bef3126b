// Lists of servers: the whole of 10,000, and pages of 100 out of 100,000.
import { Prisma } from '../libs/database/dist/index.js';
import { FROM_SERVERS, ServerListQuery } from '../apps/labd/dist/servers/server-list.query.js';
import { insertServers, median, percentile, startLabd, startRawServer, timed } from './labd-bench.mjs';

export async function lists(row) {
  const lab = await startLabd();
  const raw = await startRawServer(lab.database.url, await statements());
  try {
    await insertServers(lab.database, 10_000);
    const ours = () =>
      everything(
        `${lab.url}/api/v1/servers?limit=1000`,
        lab.headers,
        (page) => page.metadata.continue,
        'continue',
      );
    const theirs = () => everything(`${raw.url}/?x`, {}, (page) => page.last, 'after');
    if ((await ours()) !== 10_000) throw new Error('not all servers came');
    await theirs();
    const pairs = [];
    for (let run = 0; run < 7; run += 1) pairs.push([await timed(ours), await timed(theirs)]);
    row('list of 10,000 servers / raw pg + JSON.stringify', median(pairs.map(([a, b]) => a / b)), 1.5, '×');
    row('labd resident, 10,000 servers listed', lab.residentMegabytes(), 250, 'MB');

    await lab.database.database.client.$executeRawUnsafe('TRUNCATE servers CASCADE');
    await insertServers(lab.database, 100_000);
    const times = [];
    let cursor = '';
    for (let page = 0; page < 300; page += 1) {
      const filter = [
        '',
        '&role=worker',
        '&status=discovered',
        '&environment=staging',
        '&labelSelector=rack%3Dr7',
      ][page % 5];
      // Deep pages of the whole list, and first pages of a narrowed one.
      const query = filter === '' ? `&continue=${cursor}` : filter;
      const begin = performance.now();
      const response = await fetch(`${lab.url}/api/v1/servers?limit=100${query}`, { headers: lab.headers });
      const body = await response.json();
      times.push(performance.now() - begin);
      if (body.items.length !== 100) throw new Error(`${query}: ${body.items.length} items`);
      if (filter === '') cursor = body.metadata.continue;
    }
    row('page of 100 out of 100,000, p99', percentile(times.slice(20), 0.99), 30, 'ms');
  } finally {
    raw.stop();
    await lab.stop();
  }
}

/** labd's own SQL, caught on its way to the database. */
async function statements() {
  const caught = [];
  const reader = {
    $queryRaw: (query, ...values) => {
      caught.push('raw' in query ? Prisma.sql(query, ...values).text : query.text);
      return Promise.resolve([]);
    },
  };
  await new ServerListQuery(undefined).select(
    reader,
    Prisma.sql`WHERE r.name > ${''} ORDER BY r.name ASC, r.id ASC LIMIT 1000`,
  );
  if (FROM_SERVERS === undefined) throw new Error('labd is not built');
  const [servers, nics, disks] = caught;
  return { servers, nics, disks };
}

async function everything(url, headers, next, parameter) {
  let count = 0;
  for (let position = null; ;) {
    const response = await fetch(position === null ? url : `${url}&${parameter}=${position}`, { headers });
    const page = await response.json();
    const items = page.items ?? page.rows;
    count += items.length;
    position = next(page) ?? null;
    if (position === null || items.length < 1000) return count;
  }
}
