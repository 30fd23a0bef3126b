// labd against what it is made of: raw pg and JSON on the same PostgreSQL. Ratios come from one run, pairs measured in turn.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '@lab/local-lab';
import { Watching, testDatabase } from '@lab/testing';
import { freePort } from '../e2e/dist/lab-under-test.js';
import { root } from '../scripts/run.mjs';

const PASSWORD = 'a password for the bench';

/** labd as it is built, on a database of its own, with an administrator logged in. */
export async function startLabd() {
  const home = mkdtempSync(join(tmpdir(), 'lab-bench-'));
  const database = await testDatabase({ poolSize: 4 });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(join(home, 'password'), PASSWORD);
  const env = {
    PATH: process.env.PATH,
    LABD_PORT: String(port),
    LABD_DATA_DIR: join(home, 'labd'),
    LABD_ADMIN_PASSWORD_FILE: join(home, 'password'),
    LABD_LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
  };
  const program = await startProgram({
    name: 'labd',
    command: process.execPath,
    args: [join(root, 'apps/labd/bin/labd.js')],
    env,
    logFile: join(home, 'labd.log'),
    isReady: () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    readyWithin: 60_000,
  });
  const { body: login } = await request(url, 'POST', '/api/v1/auth/login', {
    username: 'admin',
    password: PASSWORD,
  });
  const headers = { authorization: `Bearer ${login.accessToken}` };
  return {
    url,
    database,
    headers,
    token: login.accessToken,
    /** Calls as the administrator, or as nobody with `null`. Throws for any answer that isn't 2xx. */
    call: (method, path, body, token) => request(url, method, path, body, token === null ? {} : headers),
    residentMegabytes: () =>
      Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: async () => {
      await program.stop();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function request(url, method, path, body, headers = {}) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return { body: await response.json() };
}

/** A connection to the database, past labd. */
export async function connect(databaseUrl) {
  const { Client } = createRequire(join(root, 'libs/database/package.json'))('pg');
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  return client;
}

/** Servers with two NICs and two disks each. */
export async function insertServers(database, count) {
  const { client } = database.database;
  await client.$executeRawUnsafe(`
    INSERT INTO servers (name, labels, environment, role, phase, arch, cpu_model, cpu_cores, memory_bytes, serial, smbios_uuid)
    SELECT 'node' || lpad(n::TEXT, 6, '0'), jsonb_build_object('rack', 'r' || n % 50), CASE WHEN n % 4 = 0 THEN 'staging' ELSE 'default' END,
      CASE WHEN n % 3 = 0 THEN 'control-plane' ELSE 'worker' END, CASE WHEN n % 10 = 0 THEN 'discovered' ELSE 'installed' END,
      'x86_64', 'Intel Xeon', 32, 137438953472, 'SN' || n, gen_random_uuid()::TEXT FROM generate_series(1, ${count}) n`);
  await client.$executeRawUnsafe(`
    INSERT INTO server_nics (server_id, name, mac, driver, speed_mbps, link_up, addresses, boot)
    SELECT s.id, 'ens' || k, '52:54:0' || k || ':' || regexp_replace(lpad(to_hex(substr(s.name, 5)::INT4), 6, '0'), '(..)(..)(..)', '\\1:\\2:\\3'), 'mlx5', 25000, true, ARRAY['10.0.0.1/8'], k = 1
    FROM servers s, generate_series(1, 2) k`);
  await client.$executeRawUnsafe(`
    INSERT INTO server_disks (server_id, name, size_bytes, model, serial, by_id, rotational, removable, transport, has_data)
    SELECT s.id, 'nvme' || k || 'n1', 1920383410176, 'SAMSUNG', 'S' || s.name || k, '/dev/disk/by-id/nvme-' || s.name || k, false, false, 'nvme', false
    FROM servers s, generate_series(1, 2) k`);
  await client.$executeRawUnsafe('ANALYZE');
}

/** The rows of the same pages, as little work as can be: three statements, JSON.stringify, a bare HTTP server. */
export async function startRawServer(databaseUrl, statements) {
  const port = await freePort();
  const script = `
    import { createServer } from 'node:http';
    import pg from 'pg';
    const pool = new pg.Pool({ connectionString: ${JSON.stringify(databaseUrl)}, max: 10 });
    const statements = ${JSON.stringify(statements)};
    createServer(async (request, response) => {
      const after = new URL(request.url, 'http://x').searchParams.get('after') ?? '';
      const { rows } = await pool.query(statements.servers, [after]);
      const ids = rows.map((row) => row.id);
      const nics = (await pool.query(statements.nics, [ids])).rows;
      const disks = (await pool.query(statements.disks, [ids])).rows;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ last: rows.at(-1)?.name, rows, nics, disks }));
    }).listen(${port}, '127.0.0.1', () => console.log('ready'));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(root, 'e2e'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
export const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

export async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

export { Watching };
