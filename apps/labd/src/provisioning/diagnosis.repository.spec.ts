import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@lab/testing';
import { DiagnosisRepository } from './diagnosis.repository.js';

describe('the lines that a cause is looked for in', () => {
  let database: TestDatabase;
  let installs: string[];
  beforeAll(async () => {
    database = await testDatabase();
    const { client } = database.database;
    const rows = await client.$queryRaw<{ id: string }[]>`
      WITH new_servers AS (
        INSERT INTO servers (name, arch, cpu_model, cpu_cores, memory_bytes)
        SELECT 'n' || n, 'x86_64', 'x', 1, 1 FROM generate_series(1, 3) n RETURNING id)
      INSERT INTO installs (server_id, attempt, state, phase_before, profile, role, hostname, disk_rule, layout, requested_by)
      SELECT id, 1, 'failed', 'discovered', 'fedora-43', 'worker', 'n1', '{}', 'worker', 'admin' FROM new_servers
      RETURNING id`;
    installs = rows.map(({ id }) => id);
    const [long, short] = installs;
    await client.$executeRaw`
      INSERT INTO install_log_lines (install_id, number, at, source, stage, text)
      SELECT ${long}::UUID, n, now(), 'syslog', 'packages', repeat('é', 3000) FROM generate_series(1, 5100) n
      UNION ALL SELECT ${short}::UUID, n, now(), 'post', NULL, 'line ' || n FROM generate_series(1, 3) n`;
  });
  afterAll(() => database.drop());

  it('are the last five thousand of that install, in order, and of each its beginning', async () => {
    const lines = await new DiagnosisRepository(database.database).lines(installs[0] ?? '');
    expect(lines.map(({ number }) => number)).toEqual(Array.from({ length: 5000 }, (_, at) => at + 101));
    expect(lines.at(-1)).toEqual({
      number: 5100,
      source: 'syslog',
      stage: 'packages',
      text: 'é'.repeat(2000),
    });
  });

  it('are all of a short log, and none of no log', async () => {
    const repository = new DiagnosisRepository(database.database);
    expect((await repository.lines(installs[1] ?? '')).map(({ text }) => text)).toEqual([
      'line 1',
      'line 2',
      'line 3',
    ]);
    expect(await repository.lines(installs[2] ?? '')).toEqual([]);
  });
});
