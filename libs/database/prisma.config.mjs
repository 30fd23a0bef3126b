// Prisma's own schema engine is a download that we neither need nor allow: the client is generated without it, and
// our runner applies the migrations. The CLI only wants the path of some executable to exist.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: '../../prisma/schema.prisma',
  migrations: { path: '../../prisma/migrations' },
});
