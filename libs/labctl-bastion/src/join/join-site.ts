import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, oneLine } from '@lab/cli-kit';
import type { OwnProgram } from '../bastion-program.js';
import { stopIn } from '../standalone/stop-site.js';
import {
  credentialFile,
  handedOverFile,
  handoverFile,
  joinFile,
  joinedFile,
  labdFolder,
  readJoin,
  readJoined,
  readSite,
  writeAtomically,
  type JoinUnderWay,
} from '../standalone/site-files.js';
import { exportSite } from './export-site.js';
import type { Checked, HandoverClient } from './handover-client.js';
import { headerOf, isHeader, readHandover, type HandoverHeader } from './handover-file.js';

export interface JoinParts {
  folder: string;
  /** Base URL of the labd that is joined, without a slash at its end. */
  url: string;
  token: string;
  /** Of the bastion; undefined: as it was. */
  name: string | undefined;
  labd: OwnProgram;
  client: HandoverClient;
  say: (text: string) => void;
  now: () => Date;
}

/** What would be handed over, and what is in the way. Nothing changes. */
export async function preview(parts: JoinParts): Promise<{ header: HandoverHeader; checked: Checked }> {
  const { folder, client, token, name, labd } = parts;
  if (!existsSync(labdFolder(folder))) {
    throw new LabError('environment', `no site stands alone in ${folder}`, {
      hint: 'Name its folder: --dir, or BASTION_DIR. A bastion of another labd is no site: give it a LABD_URL.',
    });
  }
  const file = join(folder, `handover-preview.ndjson`);
  rmSync(file, { force: true });
  try {
    const header = await exportSite(labd, folder, file);
    return { header, checked: await client.check(token, name ?? header.bastion.name, file) };
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Everything is stopped, written to a file and noted: from here on the join goes on wherever it is cut, and the site's labd never
 * runs again. Each step may be repeated.
 */
export async function freeze(parts: JoinParts): Promise<JoinUnderWay> {
  const { folder, url, labd, name, now } = parts;
  const site = await readSite(folder);
  await writeAtomically(handedOverFile(folder), { to: url, state: 'under-way', at: now().toISOString() });
  await stopIn(folder);
  rmSync(handoverFile(folder), { force: true });
  const header = await exportSite(labd, folder, handoverFile(folder)).catch((error: unknown) => {
    // Nothing has been handed over: the site may go on as it was.
    rmSync(handedOverFile(folder), { force: true });
    throw error;
  });
  const begun: JoinUnderWay = {
    id: header.id,
    url,
    name: name ?? header.bastion.name,
    credential: `lab_bastion_${randomBytes(32).toString('base64url')}`,
    ranAs: site?.mode ?? null,
    env: site?.env ?? {},
  };
  await writeAtomically(joinFile(folder), begun);
  return begun;
}

/** Sends what the new labd has not got yet, and makes the folder that of its bastion. Each step may be repeated. */
export async function handOver(parts: JoinParts, begun: JoinUnderWay): Promise<HandoverHeader> {
  const { folder, client, token, say, now } = parts;
  const file = handoverFile(folder);
  const header = await headerOf(file);
  const { bastionId, receivedParts } = await client.open(token, begun.credential, begun.name, header);
  let told = 0;
  for await (const part of readHandover(file)) {
    if (isHeader(part) || part.part <= receivedParts) continue;
    await client.part(header.id, begun.credential, part);
    const percent = Math.floor((part.part / header.parts) * 10) * 10;
    if (percent > told && header.parts >= 20) say(`handed over: ${percent} %\n`);
    told = Math.max(told, percent);
  }
  await client.complete(header.id, begun.credential);
  const at = now().toISOString();
  await writeAtomically(credentialFile(folder), {
    ...{ bastionId, credential: begun.credential, labdUrl: begun.url },
  });
  await writeAtomically(handedOverFile(folder), { to: begun.url, state: 'done', at });
  await writeAtomically(joinedFile(folder), { labdUrl: begun.url, bastionId, name: begun.name, at });
  return header;
}

/** What only the join needed. */
export function tidy(folder: string): void {
  rmSync(handoverFile(folder), { force: true });
  rmSync(joinFile(folder), { force: true });
}

/** The join of this folder with that labd: done, under way, or not begun. Raises `exists` for one with another labd. */
export async function stateOfJoin(
  folder: string,
  url: string,
): Promise<{ state: 'joined' } | { state: 'new' } | { state: 'under-way'; begun: JoinUnderWay }> {
  const [joined, begun] = [await readJoined(folder), await readJoin(folder)];
  const other = [joined?.labdUrl, begun?.url].find((each) => each !== undefined && each !== url);
  if (other !== undefined) {
    throw new LabError(
      'exists',
      `${folder} ${joined === undefined ? 'is joining' : 'has joined'} ${oneLine(other)}`,
      {
        hint: 'Run the join with that URL again to end it.',
      },
    );
  }
  if (joined !== undefined) return { state: 'joined' };
  return begun === undefined ? { state: 'new' } : { state: 'under-way', begun };
}
