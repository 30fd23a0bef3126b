import { spawn } from 'node:child_process';
import { LabError } from '@lab/domain';

export interface RunOptions {
  cwd?: string;
  environment?: Readonly<Record<string, string>>;
}

/** Runs a command to its end and answers its standard output; a failure carries the last of what it printed. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, LC_ALL: 'C', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (cause) =>
      reject(new LabError('environment', `${command} could not be started: ${cause.message}`, { cause })),
    );
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve(stdout);
        return;
      }
      const said = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-8).join('\n');
      reject(
        new LabError(
          'environment',
          `${command} ${args[0] ?? ''} failed (${code ?? signal ?? 'unknown'}): ${said}`,
        ),
      );
    });
  });
}
