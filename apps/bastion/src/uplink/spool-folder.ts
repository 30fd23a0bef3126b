import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Fact } from '@lab/protocol';
import { z } from 'zod';
import { readFileIfThere, syncFolder, writeFileAtomically } from '../storage/atomic-file.js';
import { Damage } from '../storage/damage.js';
import { isMissing, storageError } from '../storage/storage-error.js';
import { SpoolSegment, firstNumberOf, readableFacts, segmentName } from './spool-segment.js';

export interface SpoolOptions {
  folder: string;
  /** More bytes than this on disk, and facts are refused with `not-ready` until labd has acked some. */
  maxBytes: number;
  /** A segment is closed when it has grown over this many bytes. */
  segmentBytes?: number;
  /** Called for each fact found on the disk when the spool is opened, oldest first. */
  recovered?: (fact: Fact) => void;
  damage?: Damage;
}

/** Facts are numbered for ever in the files; on the link number `base + 1` is seq 1 of the epoch. */
const numbering = z.object({ epoch: z.uuid(), base: z.number().int().nonnegative() });
export type Numbering = z.infer<typeof numbering>;

export const RESENT = 'Nothing has to be done: labd is told all of it again.';

/** Segments in order, none for a new spool; undefined if facts between the first and the last are missing or unreadable. */
export async function openSegments(options: SpoolOptions): Promise<SpoolSegment[] | undefined> {
  const firsts = await segmentsIn(options.folder);
  const segments: SpoolSegment[] = [];
  const asides = new HeldDamage();
  let expected = firsts[0];
  let broken = false;
  for (const first of firsts) {
    if (first !== expected) broken = true;
    const { segment, damaged } = await SpoolSegment.open(
      options.folder,
      first,
      (fact) => options.recovered?.(fact),
      asides,
    );
    segments.push(segment);
    if (damaged) broken = true;
    expected = segment.last + 1;
  }
  // Of a spool that is to be mended, the whole folder goes aside with them.
  if (!broken) {
    for (const aside of asides.held) options.damage?.say(...aside);
    return segments;
  }
  await Promise.all(segments.map((segment) => segment.close()));
  return undefined;
}

/** Says nothing yet. */
class HeldDamage extends Damage {
  readonly held: [string, string, string][] = [];

  override say(...aside: [string, string, string]): void {
    this.held.push(aside);
  }
}

const segmentsIn = async (folder: string): Promise<number[]> =>
  (await readdir(folder))
    .map(firstNumberOf)
    .filter((first) => first !== undefined)
    .sort((a, b) => a - b);

/**
 * Facts in the middle are unreadable: what labd must not miss can't be told by numbers any more. All that can be read goes into a
 * new spool, which then takes the old one's place; that one is set aside.
 */
export async function mend(options: SpoolOptions): Promise<{ numbers: Numbering; segments: SpoolSegment[] }> {
  const { folder, damage = new Damage() } = options;
  const next = mendedFolder(folder);
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true, mode: 0o700 });
  let { segment } = await SpoolSegment.open(next, 1, () => undefined);
  for (const first of await segmentsIn(folder)) {
    const facts = await readableFacts(join(folder, segmentName(first)));
    if (segment.bytes > 0) {
      await segment.close();
      ({ segment } = await SpoolSegment.open(next, segment.last + 1, () => undefined));
    }
    await segment.append(facts.map((fact) => JSON.stringify(fact)));
  }
  await segment.close();
  // From here on it is whole: a crash before it has its place is made up for by the next start.
  await writeNumbering(next, { epoch: randomUUID(), base: 0 });
  await damage.moveAside(folder, RESENT);
  await finishMending(folder);
  const numbers = await readNumbering(folder);
  const segments = await openSegments(options);
  if (numbers === undefined || segments === undefined) {
    throw storageError(new Error('the mended spool is not whole'), folder);
  }
  return { numbers, segments };
}

const mendedFolder = (folder: string): string => `${folder}.mended`;

/** The old spool went aside, and a crash came before the new one had its name; or it was not finished, and is of no use. */
export async function finishMending(folder: string): Promise<void> {
  const next = mendedFolder(folder);
  const isThere = await stat(folder).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
  if (isThere || (await readNumberingIfThere(next)) === undefined) return;
  await rename(next, folder);
  await syncFolder(dirname(folder));
}

const readNumberingIfThere = (folder: string): Promise<Numbering | undefined> =>
  readNumbering(folder).catch(() => undefined);

export async function readNumbering(folder: string): Promise<Numbering | undefined> {
  const text = await readFileIfThere(join(folder, 'epoch.json'));
  if (text === undefined) return undefined;
  try {
    return numbering.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const writeNumbering = (folder: string, value: Numbering): Promise<void> =>
  writeFileAtomically(join(folder, 'epoch.json'), JSON.stringify(value));
