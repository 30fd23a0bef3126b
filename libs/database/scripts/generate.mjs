// Generates the Prisma client into src/generated, offline. Does nothing when it is there and made from the same
// schema by the same Prisma, so that a start costs milliseconds.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const schema = join(project, '..', '..', 'prisma', 'schema.prisma');
const generated = join(project, 'src', 'generated');
const stamp = join(generated, 'made-from');

const prismaPackage = require.resolve('prisma/package.json');
const madeFrom = createHash('sha256')
  .update(readFileSync(schema))
  .update(readFileSync(prismaPackage))
  .digest('hex');

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom) process.exit(0);

const { bin } = JSON.parse(readFileSync(prismaPackage, 'utf8'));
const result = spawnSync(
  process.execPath,
  [
    '--import',
    pathToFileURL(join(import.meta.dirname, 'without-studio.mjs')).href,
    join(dirname(prismaPackage), bin.prisma),
    'generate',
    '--no-hints',
  ],
  {
    cwd: project,
    encoding: 'utf8',
    timeout: 120_000,
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    },
  },
);
if (result.status !== 0 || !existsSync(join(generated, 'client.ts'))) {
  rmSync(generated, { recursive: true, force: true });
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
  process.stderr.write('error: the Prisma client was not generated from prisma/schema.prisma\n');
  process.exit(1);
}
// Written last and in one step: a generation that was cut short is done again.
writeFileSync(`${stamp}.tmp`, madeFrom);
renameSync(`${stamp}.tmp`, stamp);
