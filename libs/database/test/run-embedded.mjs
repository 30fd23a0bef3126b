// A program that starts the embedded PostgreSQL of a folder and then waits to be killed: what a spec can't do to itself.
// Runs the sources as they are. Arguments: data folder. Prints one line: {"url", "pid"} or {"code", "message", "hint"}.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const source = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.includes('/src/');
    return next(source ? specifier.replace(/\.js$/, '.ts') : specifier, {
      ...context,
      conditions: ['@lab/source', ...context.conditions],
    });
  },
});

const { startEmbeddedPostgres } = await import('../src/embedded/embedded-postgres.ts');
try {
  const { url, pid, stop } = await startEmbeddedPostgres({ dataDir: process.argv[2] });
  process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
  process.once('SIGHUP', () => process.exit(0));
  setInterval(() => undefined, 60_000);
  console.log(JSON.stringify({ url, pid }));
} catch ({ code, message, hint }) {
  console.log(JSON.stringify({ code, message, hint }));
  process.exitCode = 1;
}
