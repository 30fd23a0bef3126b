import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { programs } from '@lab/testing';

/** Runs a bash script in a namespace; answers what it said and how it ended, once it has been sent the signal. */
async function ended(
  script: string,
  signal?: NodeJS.Signals,
): Promise<{ said: string; code: number | null }> {
  const { ip } = await programs(['ip']);
  const child = spawn(join(import.meta.dirname, 'in-namespace.sh'), ['bash', '-c', script], {
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:${dirname(ip)}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said === 'up\n' && signal !== undefined) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { said, code };
}

it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP'])(
  'what runs in a namespace is told of %s',
  async (signal) => {
    const script = `trap 'echo told; exit 7' TERM; echo up; while :; do read -rt 1 <> <(:) || true; done`;
    expect(await ended(script, signal)).toEqual({ said: 'up\ntold\n', code: 7 });
  },
);

it('a command in a namespace ends as it ends outside', async () => {
  expect(await ended('echo done; exit 3')).toEqual({ said: 'done\n', code: 3 });
});
