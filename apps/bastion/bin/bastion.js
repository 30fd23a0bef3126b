#!/usr/bin/env node
const [major] = process.versions.node.split('.').map(Number);
if (major === undefined || major < 24) {
  process.stderr.write(`bastion: Node ${process.versions.node} is too old. hint: Use Node 24 or newer.\n`);
  process.exit(1);
}

// What a bastion keeps is small and what it handles is short-lived: a small young generation and an old one that is not
// left to grow halve its memory under load (258 to 144 MB with 200 installs booting). V8 takes these only at its start,
// so the process replaces itself, under the same PID.
const FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=384', '--heap-growing-percent=10'];
const isGiven = process.execArgv.some((flag) => /^--max-(semi|old)-space-size/.test(flag));
if (!isGiven && process.execve !== undefined) {
  // "execve is experimental" is of no use to who starts a bastion.
  process.removeAllListeners('warning');
  process.execve(process.execPath, [
    process.execPath,
    ...FLAGS,
    ...process.execArgv,
    ...process.argv.slice(1),
  ]);
}
const { run } = await import('../dist/main.js');
await run();
