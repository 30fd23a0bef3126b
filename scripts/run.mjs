// Runs a program of the checkout on the checkout's own Node, with its output going where ours goes.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const node = join(root, 'node_modules/.bin/node');

/** Resolves to its exit code. */
export function run(command, args, env = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  if (error) throw error;
  return status ?? (signal ? 1 : 0);
}

/** Runs Jest with a configuration; further arguments are Jest's own. */
export function jest(config, args) {
  // All that tests speak with is on this machine, and curl would ask the proxy for it.
  for (const name of Object.keys(process.env))
    if (/^(https?|all|no)_proxy$/i.test(name)) delete process.env[name];
  return run(node, ['node_modules/jest/bin/jest.js', '--config', config, ...args], {
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  });
}
