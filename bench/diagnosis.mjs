// The cause of a failed install with 50,000 lines: the rules over all of them, and labd's own way from the database.
import { diagnose } from '../libs/domain/dist/index.js';
import { aFailure, formsOf, harmlessFacts, messageFacts, testDatabase } from '../libs/testing/dist/index.js';
import { DiagnosisRepository } from '../apps/labd/dist/provisioning/diagnosis.repository.js';
import { insertServers, median, timed } from './labd-bench.mjs';

const LINES = 50_000;
const RUNS = 7;
/** What most lines of an install are, by its logs: progress of packages, and commands of the storage tools. */
const CALM = [
  'DEBUG:blivet:PartitionDevice.setup_parents: kids: 0 ; name: sda3 ; orig: False ;',
  'INFO:program:Running... udevadm settle --timeout=300',
  'DEBUG:program:Return code: 0',
  'INFO RPM callback open file "/mnt/sysroot/var/tmp/bash-5.3-2.fc43.x86_64.rpm"',
  'INF packaging: Configuring (running scriptlet for): kernel-core-6.17.1-300.fc43.x86_64 1763892000',
];
const failure = aFailure({ lastLines: ['DNF error: the transaction was not what it should be'] });

export async function diagnosis(row) {
  const harmless = harmlessFacts().flatMap(({ line }) => formsOf(line));
  // One line in ten is of the kind that looks like trouble.
  const usual = linesOf((at) => (at % 10 === 0 ? harmless[at % harmless.length] : CALM[at % CALM.length]));
  const words = messageFacts()
    .map(({ message }) => message)
    .join(' ');
  const hostile = linesOf((at) => words.slice((at * 37) % (words.length - 2000)).slice(0, 2000));
  const run = (lines, runs) => {
    const times = Array.from({ length: runs }, () => {
      const begin = performance.now();
      diagnose(failure, lines);
      return performance.now() - begin;
    });
    return median(times);
  };
  row('diagnosis of 50,000 lines', run(usual, RUNS), 200, 'ms');
  row(
    "diagnosis of 50,000 lines of 2,000 characters made of the rules' words",
    run(hostile, 3) / LINES,
    1,
    'ms',
  );
  await inDatabase(row, usual);
}

const linesOf = (textAt) =>
  Array.from({ length: LINES }, (_, at) => ({
    number: at + 1,
    source: 'syslog',
    stage: at < LINES / 5 ? 'partitioning' : 'packages',
    text: `07:49:38,950 WARNING org.fedoraproject.Anaconda.Modules.Payloads:${textAt(at)}`,
  }));

async function inDatabase(row, lines) {
  const database = await testDatabase({ poolSize: 2 });
  try {
    await insertServers(database, 1);
    const { client } = database.database;
    const [{ id }] = await client.$queryRawUnsafe(
      `INSERT INTO installs (server_id, attempt, state, phase_before, profile, role, hostname, disk_rule, layout, requested_by)
       SELECT id, 1, 'failed', 'discovered', 'fedora-43', 'worker', 'n1', '{}', 'worker', 'admin' FROM servers RETURNING id`,
    );
    for (let start = 0; start < LINES; start += 5000) {
      const some = JSON.stringify(lines.slice(start, start + 5000));
      await client.$executeRawUnsafe(
        `INSERT INTO install_log_lines (install_id, number, at, source, stage, text)
         SELECT '${id}'::UUID, number, now(), source, stage, text
         FROM jsonb_to_recordset($1::JSONB) AS l(number INT4, source TEXT, stage TEXT, text TEXT)`,
        some,
      );
    }
    const repository = new DiagnosisRepository(database.database);
    const once = async () => diagnose(failure, await repository.lines(id));
    await once();
    const times = [];
    for (let round = 0; round < RUNS; round += 1) times.push(await timed(once));
    row('labd states the cause of an install with 50,000 lines', median(times), 200, 'ms');
  } finally {
    await database.drop();
  }
}
