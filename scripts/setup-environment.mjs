// What differs from machine to machine when packages are installed: where caches may be, and what a failure means.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment for npm and pnpm: with caches inside the checkout where there is no home to write to. */
export function cacheEnvironment(root, env) {
  if (canWrite(env.HOME || homedir())) return env;
  const caches = join(root, '.lab');
  mkdirSync(caches, { recursive: true });
  return {
    ...env,
    HOME: caches,
    npm_config_cache: join(caches, 'npm'),
    npm_config_store_dir: join(caches, 'pnpm-store'),
    XDG_CACHE_HOME: join(caches, 'cache'),
    XDG_DATA_HOME: join(caches, 'share'),
    XDG_STATE_HOME: join(caches, 'state'),
    XDG_CONFIG_HOME: join(caches, 'config'),
  };
}

function canWrite(folder) {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What to do about the output of a package manager that failed; undefined where it says so itself. */
export function explained(output) {
  // pnpm breaks its messages into lines.
  const text = output.replace(/\s+/g, ' ');
  return CAUSES.find(([pattern]) => pattern.test(text))?.[1];
}

const CAUSES = [
  [/ENOSPC|no space left on device/i, 'the disk is full: free some space and start again.'],
  [/EDQUOT|quota exceeded/i, 'the disk quota is used up: free some space and start again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL|socket hang up/,
    'the package registry cannot be reached: look at the network; behind a proxy, set HTTPS_PROXY.',
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_/,
    'the registry shows a certificate that Node does not trust: set NODE_EXTRA_CA_CERTS to the file of your CA.',
  ],
  [/\bE?40[137]\b.*(registry|Unauthorized|Forbidden)/, 'the package registry refuses: look at your .npmrc.'],
  [/EACCES|EPERM|EROFS/, 'a folder may not be written to: its path is above.'],
];
