// Started by killed-run.spec.ts in a Jest run of its own: leaves running whatever a test may have running when it is killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from '@jest/globals';
import { startEmbeddedPostgres } from '@lab/database';

it('leaves processes behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leaves-'));
  // As the streamer of an install: in the background, deaf to a hang-up, in a session of its own.
  const script = `trap '' HUP TERM; while :; do read -r -t 0.1 -u 9; done 9<> <(:)`;
  const child = spawn('bash', ['-c', script], { detached: true, stdio: 'ignore' });
  const grandchild = spawn('bash', ['-c', `(trap '' HUP; ${script}) & echo $!; disown`]);
  const orphan = await new Promise<number>((resolve) => {
    grandchild.stdout.once('data', (pid: Buffer) => resolve(Number(pid.toString())));
  });
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
  const report = process.env['KILLED_RUN_REPORT'] ?? '';
  const pids = [process.pid, child.pid, orphan, postgres.pid];
  writeFileSync(`${report}.new`, JSON.stringify({ pids, folder }));
  renameSync(`${report}.new`, report);
  if (process.env['KILLED_RUN_ENDS'] === 'yes') await postgres.stop();
  else await new Promise(() => undefined);
}, 120_000);
