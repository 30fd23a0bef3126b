// What a bastion reports, against the same rows written by raw pg: machines in state-syncs, and progress of installs.
import { LinkedBastion, aMachine } from '@lab/testing';
import { connect, median, startLabd, timed } from './labd-bench.mjs';

const MACHINES = 1000;
const SYNCS = 6;
const INSTALLS = 600;
const PARALLEL = 8;
const STEPS = ['boot', 'kickstart', 'pre', 'hardware', 'disk', 'network', 'packages', 'bootloader'].flatMap(
  (stage) => [
    [stage, 'started'],
    [stage, 'ended'],
  ],
);
const TABLES = ['servers', 'server_nics', 'server_disks', 'audit_log', 'feed_events'];

export async function link(row) {
  const lab = await startLabd();
  const raw = await connect(lab.database.url);
  try {
    const bastion = await LinkedBastion.enrol(lab, 'bench');
    await bastion.connect();
    for (const table of TABLES) await raw.query(`CREATE TABLE raw_${table} (LIKE ${table} INCLUDING ALL)`);

    const ratios = [];
    for (let sync = 0; sync < SYNCS; sync += 1) {
      const machines = Array.from({ length: MACHINES }, (_, index) => aMachine(sync * MACHINES + index));
      const ours = await timed(() => bastion.sees(...machines));
      const rows = await writtenFor(raw, machines);
      ratios.push(ours / (await timed(() => upsert(raw, rows))));
    }
    row(`state-sync of ${MACHINES} machines / raw batched upserts`, median(ratios.slice(1)), 2, '×');
    row(`labd resident, ${SYNCS * MACHINES} machines synced`, lab.residentMegabytes(), 250, 'MB');

    const installs = await provision(lab);
    const reports = STEPS.flatMap(([stage, event]) => installs.map((install) => [install, stage, event]));
    const ours = await timed(() => {
      for (const report of reports) bastion.report(...report);
      return bastion.facts.settled();
    });
    const { rows } = await raw.query("SELECT count(*)::INT FROM install_stages WHERE state = 'succeeded'");
    if (rows[0].count !== reports.length / 2) throw new Error(`${rows[0].count} stages ended`);
    const theirs = await timed(() => insertProgress(raw, reports));
    const rate = (milliseconds) => Math.round((1000 * reports.length) / milliseconds);
    row(
      `${reports.length} progress facts (${rate(ours)}/s) of raw INSERT (${rate(theirs)}/s)`,
      (100 * theirs) / ours,
      50,
      '%',
      'at least',
    );
    await bastion.disconnect();
  } finally {
    await raw.end();
    await lab.stop();
  }
}

/** What labd wrote for these machines, table by table: servers, NICs, disks, and the rows that go with every change. */
async function writtenFor(raw, machines) {
  const serials = machines.map(({ serial }) => serial);
  const { rows: ids } = await raw.query('SELECT id FROM servers WHERE serial = ANY($1)', [serials]);
  if (ids.length !== machines.length)
    throw new Error(`${ids.length} of ${machines.length} machines are in the database`);
  const owner = {
    servers: 'id',
    server_nics: 'server_id',
    server_disks: 'server_id',
    audit_log: 'resource_id',
    feed_events: 'resource_id',
  };
  const written = [];
  for (const table of TABLES) {
    const { rows } = await raw.query(
      `SELECT jsonb_agg(t) AS rows FROM ${table} t WHERE ${owner[table]}::TEXT = ANY($1)`,
      [ids.map(({ id }) => id)],
    );
    written.push([table, JSON.stringify(rows[0].rows)]);
  }
  return written;
}

async function upsert(raw, written) {
  await raw.query('BEGIN');
  for (const [table, rows] of written) {
    await raw.query(
      `INSERT INTO raw_${table} SELECT * FROM jsonb_populate_recordset(NULL::raw_${table}, $1::JSONB) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id`,
      [rows],
    );
  }
  await raw.query('COMMIT');
}

/** Installs of the first servers, queued by several callers at once. */
async function provision(lab) {
  const { body } = await lab.call('GET', `/api/v1/servers?limit=${INSTALLS}`);
  const waiting = body.items.map(({ metadata }) => metadata.name);
  const installs = [];
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        const { body: server } = await lab.call('POST', `/api/v1/servers/${name}/provision`, {
          profile: 'test-installer',
          role: 'worker',
        });
        installs.push(server.status.install.id);
      }
    }),
  );
  return installs;
}

/** The same reports as rows of a table, as fast as they can be appended. */
async function insertProgress(raw, reports) {
  await raw.query(
    'CREATE TABLE raw_progress (install_id UUID, stage TEXT, event TEXT, at TIMESTAMPTZ, PRIMARY KEY (install_id, stage, event))',
  );
  for (let from = 0; from < reports.length; from += 500) {
    const part = reports.slice(from, from + 500);
    const column = (index) => part.map((report) => report[index]);
    await raw.query(
      'INSERT INTO raw_progress SELECT *, now() FROM unnest($1::UUID[], $2::TEXT[], $3::TEXT[])',
      [column(0), column(1), column(2)],
    );
  }
}
