import { chmod, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LabError } from '@lab/domain';
import type { PostgresBinaries } from './postgres-binaries.js';

/** What is not itself within double quotes of a shell (POSIX XCU 2.2.3). */
const MEANS_MORE = /["$`\\]/;

/**
 * Runs `work` with programs that initdb finds: it runs `"FOLDER/postgres"` through a shell, quoted so and no more (PostgreSQL's
 * src/common/exec.c, find_other_exec, and src/bin/initdb/initdb.c), and resolves links first. From a folder whose name has a
 * quote it works on a copy elsewhere, for as long as it runs; the server itself needs none. Throws LabError `environment` where
 * there is no better folder.
 */
export async function onPlainPath<T>(
  binaries: PostgresBinaries,
  work: (binaries: PostgresBinaries) => Promise<T>,
  elsewhere = tmpdir(),
): Promise<T> {
  if (!MEANS_MORE.test(binaries.initdb)) return work(binaries);
  const native = dirname(dirname(binaries.initdb));
  if (MEANS_MORE.test(elsewhere)) {
    throw new LabError(
      'environment',
      `initdb can't run from a folder with one of " $ \` \\ in its path: ${native}`,
      {
        hint: `Move the program to another folder, or set TMPDIR to one without them (it is ${elsewhere}).`,
      },
    );
  }
  const folder = await mkdtemp(join(elsewhere, 'lab-initdb-'));
  try {
    await chmod(folder, 0o755); // PostgreSQL may run as another user.
    await cp(native, folder, { recursive: true, verbatimSymlinks: true });
    return await work({
      ...binaries,
      postgres: join(folder, 'bin', 'postgres'),
      initdb: join(folder, 'bin', 'initdb'),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
