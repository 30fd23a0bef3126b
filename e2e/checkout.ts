import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: scripts and images lie there, whether this file runs from source or from its build. */
export const root = rootOf(fileURLToPath(import.meta.url));

function rootOf(file: string): string {
  const folder = dirname(file);
  return folder.endsWith('/e2e') ? dirname(folder) : rootOf(folder);
}

/** A PATH on which `labctl` is the one of this checkout; `folder` is made for it. */
export function withLabctl(folder: string): string {
  mkdirSync(folder);
  const labctl = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'apps/labctl/bin/run.js')}' "$@"\n`;
  writeFileSync(join(folder, 'labctl'), labctl, { mode: 0o755 });
  return `${folder}:${process.env['PATH'] ?? ''}`;
}
