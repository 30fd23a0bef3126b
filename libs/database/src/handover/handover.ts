import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LabError, printable, systemClock, type Clock } from '@lab/domain';
import type pg from 'pg';
import { withClient } from '../database-client.js';
import { HANDOVER_FORMAT, type HandoverHeader } from './handover-file.js';
import { HANDOVER_KINDS, HANDOVER_TABLES, type HandoverKind } from './handover-tables.js';

const ROWS_AT_ONCE = 500;
/** Of the rows of a part, as JSON: labd takes requests of 256 KiB. */
const PART_BYTES = 160 * 1024;
/** Of the servers that are in the way. */
const MOST_NAMED = 10;

/**
 * Writes what a site has in its own labd to a file that another labd takes in: JSON lines, a header first, then parts. All of one
 * moment, in bounded memory. Raises LabError `in-use` while an install is under way or when the labd has not one bastion
 * only, `environment`, `database-unavailable`.
 */
export async function exportHandover(
  url: string,
  file: string,
  clock: Clock = systemClock,
): Promise<HandoverHeader> {
  return withClient(url, 'labd-handover', async (client) => {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE');
    await refuseUnfinished(client);
    const head = {
      'lab-handover': HANDOVER_FORMAT,
      id: randomUUID(),
      createdAt: new Date(clock.now()).toISOString(),
      bastion: await theBastion(client),
      counts: await countsOf(client),
      places: await placesOf(client),
      leftBehind: await leftBehind(client),
    } as const;
    return writeFile(file, head, partsOf(client));
  });
}

async function refuseUnfinished(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT s.name FROM servers s WHERE s.phase = 'provisioning' OR EXISTS (
       SELECT 1 FROM installs i WHERE i.server_id = s.id AND i.finished_at IS NULL) ORDER BY s.name LIMIT 11`,
  );
  if (rows.length === 0) return;
  const names = rows.slice(0, MOST_NAMED).map(({ name }) => printable(name));
  throw new LabError(
    'in-use',
    `installs are under way: ${names.join(', ')}${rows.length > MOST_NAMED ? ' …' : ''}`,
    { hint: 'Wait until they have ended (labctl get installs), or cancel them; then hand over.' },
  );
}

async function theBastion(client: pg.Client): Promise<HandoverHeader['bastion']> {
  const { rows } = await client.query<{ id: string; name: string; generation: string }>(
    'SELECT id, name, plan_generation::TEXT AS generation FROM bastions ORDER BY name LIMIT 3',
  );
  const [bastion, other] = rows;
  if (bastion === undefined) {
    throw new LabError('in-use', 'no bastion has enrolled with this labd', {
      hint: 'Start it once with labctl bastion start --standalone.',
    });
  }
  if (other !== undefined) {
    throw new LabError(
      'in-use',
      `this labd has several bastions: ${rows.map(({ name }) => name).join(', ')}`,
      {
        hint: 'Only a site that stands alone can be handed over: delete those that are gone (labctl delete bastion).',
      },
    );
  }
  const streams = await client.query<{ stream: string; epoch: string; seq: string }>(
    'SELECT stream, epoch, committed_seq::TEXT AS seq FROM bastion_streams WHERE bastion_id = $1 ORDER BY stream, epoch',
    [bastion.id],
  );
  return {
    name: bastion.name,
    planGeneration: Number(bastion.generation),
    streams: streams.rows.map(({ seq, ...stream }) => ({ ...stream, seq: Number(seq) })),
  };
}

async function countsOf(client: pg.Client): Promise<HandoverHeader['counts']> {
  const counts: Partial<Record<HandoverKind, number>> = {};
  for (const kind of HANDOVER_KINDS) counts[kind] = await countIn(client, HANDOVER_TABLES[kind].table);
  return counts as HandoverHeader['counts']; // every kind was counted
}

async function placesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ place: string }>(
    `SELECT place FROM (SELECT cloud || '/' || environment AS place FROM servers
       UNION SELECT cloud || '/' || environment FROM networks
       UNION SELECT cloud || '/' || environment FROM clusters) p ORDER BY place LIMIT 100`,
  );
  return rows.map(({ place }) => place);
}

/** People would miss these. */
const MISSED = ['users', 'api_tokens', 'install_settings', 'agents', 'audit_log'] as const;

async function leftBehind(client: pg.Client): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of MISSED) counts[table] = await countIn(client, table);
  return counts;
}

async function countIn(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*)::TEXT AS count FROM ${table}`);
  return Number(rows[0]?.count ?? 0);
}

/** Rows of all kinds as JSON text, in parts. */
async function* partsOf(client: pg.Client): AsyncGenerator<{ kind: HandoverKind; rows: string[] }> {
  for (const kind of HANDOVER_KINDS) {
    const { table, columns, key } = HANDOVER_TABLES[kind];
    const names = Object.keys(columns).join(', ');
    await client.query(
      `DECLARE handover CURSOR FOR SELECT to_jsonb(r)::TEXT AS row FROM (
         SELECT ${names} FROM ${table} ORDER BY ${key.join(', ')}) r`,
    );
    let part: string[] = [];
    let bytes = 0;
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`FETCH ${ROWS_AT_ONCE} FROM handover`);
      for (const { row } of rows) {
        const size = Buffer.byteLength(row) + 1;
        if (part.length > 0 && (part.length >= ROWS_AT_ONCE || bytes + size > PART_BYTES)) {
          yield { kind, rows: part };
          part = [];
          bytes = 0;
        }
        part.push(row);
        bytes += size;
      }
      if (rows.length === 0) break;
    }
    if (part.length > 0) yield { kind, rows: part };
    await client.query('CLOSE handover');
  }
}

/** The file is whole and on the disk under its name, or it isn't there. */
async function writeFile(
  file: string,
  head: Omit<HandoverHeader, 'parts'>,
  parts: AsyncIterable<{ kind: HandoverKind; rows: string[] }>,
): Promise<HandoverHeader> {
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  const handle = await open(partial, 'wx', 0o600).catch((cause: unknown) => {
    throw new LabError('environment', `${partial} can't be written`, {
      hint: 'Name a file in a folder that you may write to.',
      cause,
    });
  });
  try {
    // The header comes first and says how many parts follow, which is known at the end.
    const room = `${headerText({ ...head, parts: 0 })}${' '.repeat(12)}\n`;
    let at = await writeAt(handle, room, 0);
    let number = 0;
    for await (const { kind, rows } of parts) {
      number += 1;
      at += await writeAt(handle, `{"part":${number},"kind":"${kind}","rows":[${rows.join(',')}]}\n`, at);
    }
    const header: HandoverHeader = { ...head, parts: number };
    await writeAt(handle, `${headerText(header).padEnd(room.length - 1)}\n`, 0);
    await handle.sync();
    await handle.close();
    await rename(partial, file);
    const folder = await open(dirname(file), 'r');
    await folder.sync().finally(() => folder.close());
    return header;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw error;
  }
}

async function writeAt(handle: FileHandle, text: string, position: number): Promise<number> {
  const data = Buffer.from(text);
  let written = 0;
  while (written < data.length) {
    const { bytesWritten } = await handle.write(data, written, data.length - written, position + written);
    written += bytesWritten;
  }
  return data.length;
}

/** ASCII only, so that its bytes are its length. */
const headerText = (header: HandoverHeader): string =>
  JSON.stringify(header).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
