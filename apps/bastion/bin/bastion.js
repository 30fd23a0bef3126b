#!/usr/bin/env node
const [major] = process.versions.node.split('.').map(Number);
if (major === undefined || major < 24) {
  process.stderr.write(`bastion: Node ${process.versions.node} is too old. hint: Use Node 24 or newer.\n`);
  process.exit(1);
}
const { run } = await import('../dist/main.js');
await run();
