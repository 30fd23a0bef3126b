import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('run-embedded.mjs', import.meta.url));

/** What the program said: that it runs, or why not. */
export type Outcome =
  | { url: string; pid: number; code?: undefined }
  | { code: string; message: string; hint: string; url?: undefined };

export interface EmbeddedProgram {
  outcome: Outcome;
  /** Sends the signal to the program alone and waits for its end. */
  end: (signal: NodeJS.Signals) => Promise<void>;
}

/** Starts the program on a folder, behind `wrapper` (`unshare …`) if one is given. */
export async function runEmbedded(
  dataDir: string,
  wrapper: readonly string[] = [],
): Promise<EmbeddedProgram> {
  const [file, ...args] = [...wrapper, process.execPath, PROGRAM, dataDir] as const;
  const child = spawn(file, args, {
    env: { LAB_TEST_RUN: process.env['LAB_TEST_RUN'], PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { outcome: await outcomeOf(child), end: (signal) => end(child, signal) };
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('no pipes');
  let complaint = '';
  stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString('utf8')));
  for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as Outcome;
  throw new Error(`the program said nothing: ${complaint}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
