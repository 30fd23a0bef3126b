import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: scripts and images lie there, whether this file runs from source or from its build. */
export const root = rootOf(fileURLToPath(import.meta.url));

function rootOf(file: string): string {
  const folder = dirname(file);
  return folder.endsWith('/e2e') ? dirname(folder) : rootOf(folder);
}

/** As a word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A PATH on which `labctl` is the one of this checkout; `folder` is made for it. */
export function withLabctl(folder: string): string {
  mkdirSync(folder);
  const command = [process.execPath, join(root, 'apps/labctl/bin/run.js')].map(quoted).join(' ');
  const labctl = `#!/bin/sh\nexec ${command} "$@"\n`;
  writeFileSync(join(folder, 'labctl'), labctl, { mode: 0o755 });
  return `${folder}:${process.env['PATH'] ?? ''}`;
}
