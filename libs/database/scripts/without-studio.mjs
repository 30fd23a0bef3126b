// Loaded before Prisma's command: its studio and its development database, a quarter of all packages that this project would
// have, are left out of the installation (pnpm-workspace.yaml), and the command asks for them at its start. `generate` uses neither.
import { registerHooks } from 'node:module';

const LEFT_OUT = /^(@prisma\/dev|@prisma\/studio-core|mysql2|postgres)(\/|$)/;

registerHooks({
  resolve: (specifier, context, next) =>
    LEFT_OUT.test(specifier)
      ? { url: 'node:constants', format: 'builtin', shortCircuit: true }
      : next(specifier, context),
});
