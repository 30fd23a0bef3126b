import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { LabError } from '@lab/domain';
import { LineCounter, parseAllDocuments } from 'yaml';
import { usageError } from '../cli-error.js';
import { oneLine } from '../output/neutralise.js';

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_FILES = 10_000;
const SUFFIXES = new Set(['.yaml', '.yml', '.json']);

/** A resource as somebody wrote it. */
export interface SourceDocument {
  /** For messages: `lab.yaml:12`. */
  where: string;
  value: Readonly<Record<string, unknown>>;
}

/**
 * The documents of files, of the YAML and JSON files in folders, or of standard input (`-`). A List counts as its items. Raises
 * `invalid` that names file, line and column; and for two documents of the same resource, both places.
 */
export async function readDocuments(
  sources: readonly string[],
  options: { recursive?: boolean; stdin?: () => Promise<string> } = {},
): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  for (const source of sources) {
    if (source === '-') {
      const text = await (options.stdin ?? standardInput)();
      documents.push(...parseDocuments(text, 'standard input'));
      continue;
    }
    if (/^https?:\/\//.test(source)) {
      throw usageError(`-f ${oneLine(source)}: labctl reads no URLs`, 'Write curl URL | labctl … -f -');
    }
    for (const file of await filesOf(source, options.recursive === true))
      documents.push(...parseDocuments(await textOf(file), file));
  }
  if (documents.length === 0) {
    throw new LabError(
      'invalid',
      `there is no document in ${sources.map((source) => (source === '-' ? 'standard input' : oneLine(source))).join(', ')}`,
      {
        hint: 'A document has apiVersion, kind, metadata and spec; see labctl explain.',
      },
    );
  }
  refuseTwins(documents);
  return documents;
}

/** The documents in a text; `name` is the file's, for messages. */
export function parseDocuments(text: string, name: string): SourceDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw invalid(`${name}:${line}:${col}`, error.message, 'Correct the YAML there; nothing was sent.');
    }
    const start = lines.linePos(document.contents?.range[0] ?? document.range[0]).line;
    const where = `${name}:${start}`;
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (cause) {
      throw invalid(where, cause instanceof Error ? cause.message : 'can not be read');
    }
    return value === null || value === undefined ? [] : resources(value, where);
  });
}

function resources(value: unknown, where: string): SourceDocument[] {
  if (!isRecord(value))
    throw invalid(where, 'is not a resource', 'A document has apiVersion, kind, metadata and spec.');
  if (value['kind'] !== 'List') return [{ where, value }];
  const { items } = value;
  if (!Array.isArray(items)) throw invalid(where, 'is a List without items');
  return items.flatMap((item: unknown) => resources(item, where));
}

/** The kind and name that a document says, as far as it says any. */
export function saidOf(value: Readonly<Record<string, unknown>>): { kind: string; name: string } {
  const { kind, metadata } = value;
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  return { kind: typeof kind === 'string' ? kind : '', name: typeof name === 'string' ? name : '' };
}

function refuseTwins(documents: readonly SourceDocument[]): void {
  const seen = new Map<string, string>();
  for (const { where, value } of documents) {
    const { kind, name } = saidOf(value);
    if (kind === '' || name === '') continue;
    const key = `${kind.toLowerCase()}/${name}`;
    const first = seen.get(key);
    if (first !== undefined)
      throw invalid(
        where,
        `${kind} ${name} is there twice, also at ${first}`,
        'Keep one of them; nothing was sent.',
      );
    seen.set(key, where);
  }
}

async function filesOf(path: string, recursive: boolean): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive, withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const files = entries
    .filter((entry) => entry.isFile() && SUFFIXES.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) {
    throw new LabError('invalid', `${path}: holds no .yaml, .yml or .json file`, {
      hint: recursive ? 'Name the files.' : 'Name the files, or add -R for the folders below.',
    });
  }
  if (files.length > MOST_FILES)
    throw new LabError('too-large', `${path}: holds more than ${MOST_FILES} files`, {
      hint: 'Give a folder further down.',
    });
  return files;
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw tooLarge(file);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw error instanceof LabError ? error : unreadable(file, error);
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw tooLarge('standard input');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const tooLarge = (name: string): LabError =>
  new LabError('too-large', `${name}: has more than ${MOST_BYTES / 1024 / 1024} MiB`, { hint: 'Split it.' });

function unreadable(path: string, error: unknown): LabError {
  const code = (error as NodeJS.ErrnoException).code;
  const why =
    code === 'ENOENT'
      ? 'does not exist'
      : code === 'EACCES'
        ? 'may not be read'
        : `can't be read (${code ?? String(error)})`;
  return new LabError('not-found', `${path}: ${why}`, {
    hint: 'Give -f a file, a folder, or - for standard input.',
    cause: error,
  });
}

const invalid = (where: string, message: string, hint?: string): LabError =>
  new LabError('invalid', `${where}: ${message}`, hint === undefined ? {} : { hint });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
