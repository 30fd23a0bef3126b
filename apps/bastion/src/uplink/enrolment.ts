import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { z } from 'zod';
import type { LabdConfig } from '../config.js';
import { Damage } from '../storage/damage.js';
import { readFileIfThere, writeFileAtomically } from '../storage/atomic-file.js';

const credentialSchema = z.object({ bastionId: z.uuid(), credential: z.string().min(16).max(512) });
/** Who labd knows this bastion as. Kept in a file of mode 0600. */
export type Credential = z.infer<typeof credentialSchema>;

const TIMEOUT_MS = 10_000;
const fileOf = (folder: string): string => join(folder, 'labd-credential.json');

/** The credential of an earlier enrolment with that labd. One that is damaged goes aside. */
export async function keptCredential(
  folder: string,
  labdUrl: string,
  damage = new Damage(),
): Promise<Credential | undefined> {
  const text = await readFileIfThere(fileOf(folder));
  if (text === undefined) return undefined;
  const kept = credentialSchema.extend({ labdUrl: z.string() }).safeParse(parsedJson(text)).data;
  if (kept === undefined) {
    await damage.moveAside(fileOf(folder), RE_ENROL);
    return undefined;
  }
  return kept.labdUrl === labdUrl ? kept : undefined;
}

const RE_ENROL =
  'The bastion has to enrol again. Make a token with labctl create token, put it into a file that BASTION_JOIN_TOKEN_FILE names, and give the bastion another BASTION_NAME: its servers go over to it. Then delete the old one with labctl delete bastion.';

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Uses the join token to become a bastion of labd. Raises `not-allowed` if labd refuses, `not-ready` if it is away. */
export async function enrol(folder: string, labd: LabdConfig, name: string): Promise<Credential> {
  const token = await joinToken(labd.joinTokenFile);
  let response: Response;
  try {
    response = await fetch(`${labd.url}/api/v1/bastions/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, name }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new LabError('not-ready', `labd at ${labd.url} doesn't answer`, { cause: error });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw refusal(response.status, answer, labd.url);
  const parsed = credentialSchema.safeParse(answer);
  if (!parsed.success) {
    throw new LabError('not-ready', `${labd.url} answered the enrolment with something else`, {
      hint: 'Check that LABD_URL is the address of labd.',
    });
  }
  await writeFileAtomically(fileOf(folder), JSON.stringify({ ...parsed.data, labdUrl: labd.url }), 0o600);
  return parsed.data;
}

async function joinToken(file: string | null): Promise<string> {
  if (file === null) {
    throw new LabError('environment', 'This bastion is not enrolled with labd yet', {
      hint: 'Set BASTION_JOIN_TOKEN_FILE to a file with a join token, such as labctl create token prints. For a site without a labd: labctl bastion start --standalone.',
    });
  }
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new LabError('environment', `The join token can't be read from ${file}`, {
      hint: 'Set BASTION_JOIN_TOKEN_FILE to a readable file with a join token.',
      cause: error,
    });
  }
}

function refusal(status: number, answer: unknown, url: string): LabError {
  const problem = z.object({ detail: z.string(), hint: z.string().optional() }).safeParse(answer).data;
  const why = problem?.detail ?? `status ${status}`;
  return status >= 500 || status === 429
    ? new LabError('not-ready', `labd at ${url} can't enrol this bastion now: ${why}`)
    : new LabError('not-allowed', `labd at ${url} refused to enrol this bastion: ${why}`, {
        hint: problem?.hint ?? 'Get a new join token, and put it into BASTION_JOIN_TOKEN_FILE.',
      });
}
