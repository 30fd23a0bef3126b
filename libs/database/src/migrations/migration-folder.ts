import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from '@lab/domain';

/** A migration as the program carries it. */
export interface Migration {
  /** Folder name, `0001_initial`; migrations are applied in the order of their names. */
  name: string;
  sql: string;
  /** SHA-256 of the file in hex, as Prisma computes it. */
  checksum: string;
}

/** `prisma/migrations` of this program: as far from `dist` as from `src`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url));

/** The migrations of a folder, in order. Throws LabError `environment` if there are none to read. */
export async function readMigrations(folder: string = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const hint = 'Install the program again: it is not complete.';
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    if (names.length === 0)
      throw new LabError('environment', `there are no migrations in ${folder}`, { hint });
    return await Promise.all(
      names.sort().map(async (name) => {
        const file = await readFile(join(folder, name, 'migration.sql'));
        return {
          name,
          sql: file.toString('utf8'),
          checksum: createHash('sha256').update(file).digest('hex'),
        };
      }),
    );
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw new LabError('environment', `the migrations in ${folder} can't be read`, { hint, cause: error });
  }
}
