#!/usr/bin/env node
const major = Number(process.versions.node.split('.')[0]);
if (major < 22) {
  process.stderr.write(
    `labd needs Node.js 22 or newer; this is ${process.version}.\nhint: run it with node_modules/.bin/node.\n`,
  );
  process.exit(1);
}
const { setFlagsFromString } = await import('node:v8');
// Loading our modules makes much short-lived garbage, and so does every long list. If the young generation grows for it,
// it keeps 50 MB and more for good.
setFlagsFromString('--semi-space-growth-factor=1');
// Memory is given back in time: by default the heap may double before it is looked through again.
setFlagsFromString('--heap-growing-percent=20');
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
