#!/usr/bin/env node
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  process.stderr.write(
    `labd needs Node.js 22 or newer; this is ${process.version}.\nhint: run it with node_modules/.bin/node.\n`,
  );
  process.exit(1);
}

// Loading our modules makes much short-lived garbage, and so does every long list: a young generation that may grow for it
// keeps 50 MB and more for good. V8 takes this only at its start, so the process replaces itself, under the same PID.
const FLAGS = ['--max-semi-space-size=4'];
const isGiven = process.execArgv.some((flag) => flag.startsWith('--max-semi-space-size'));
if (!isGiven && process.execve !== undefined) {
  // "execve is experimental" is of no use to who starts labd.
  process.removeAllListeners('warning');
  process.execve(process.execPath, [
    process.execPath,
    ...FLAGS,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]);
}
const { setFlagsFromString } = await import('node:v8');
// Memory is given back in time: by default the heap may double before it is looked through again.
setFlagsFromString('--heap-growing-percent=20');
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
