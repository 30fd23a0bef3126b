// Jest's globalTeardown: see test-run.mjs.
import { once } from 'node:events';

export default async function end() {
  const reaper = globalThis.labReaper;
  if (reaper === undefined) return;
  let leftBehind = '';
  reaper.ref();
  reaper.stdout.setEncoding('utf8').on('data', (text) => (leftBehind += text));
  reaper.stdin.end('the tests have ended\n');
  await once(reaper, 'close');
  if (leftBehind !== '') process.stderr.write(`Left behind by tests, and ended now:\n${leftBehind}`);
}
