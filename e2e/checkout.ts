import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: scripts and images lie there, whether this file runs from source or from its build. */
export const root = rootOf(fileURLToPath(import.meta.url));

function rootOf(file: string): string {
  const folder = dirname(file);
  return folder.endsWith('/e2e') ? dirname(folder) : rootOf(folder);
}
