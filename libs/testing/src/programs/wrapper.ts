import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogEntry, UnpackedTree } from './catalog.js';

/** Reads off an unpacked tree where its libraries are. */
export async function inspectTree(root: string): Promise<UnpackedTree> {
  const names = await readdir(join(root, 'usr/lib')).catch(() => []);
  return { root, triplets: names.filter((name) => /-linux-gnu/.test(name)).sort() };
}

/**
 * A shell script that runs a program from where it was unpacked. It ends in `exec`, so that its process is the
 * program's: signals and exit codes are the program's own.
 */
export function wrapperScript(entry: CatalogEntry, program: string, tree: UnpackedTree): string {
  const needs = entry.unpacked?.(tree) ?? {};
  const libraries = [
    ...tree.triplets.map((triplet) => `${tree.root}/usr/lib/${triplet}`),
    `${tree.root}/usr/lib`,
    ...(needs.libraries ?? []),
  ];
  const environment = Object.entries(needs.environment ?? {}).map(
    ([key, value]) => `export ${key}=${quote(value)}`,
  );
  return [
    '#!/bin/sh',
    `LD_LIBRARY_PATH=${quote(libraries.join(':'))}"\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`,
    'export LD_LIBRARY_PATH',
    ...environment,
    `exec ${[program, ...(needs.args ?? [])].map(quote).join(' ')} "$@"`,
    '',
  ].join('\n');
}

/** One word of a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
