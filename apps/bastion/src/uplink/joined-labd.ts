import { join } from 'node:path';
import { LabError } from '@lab/domain';
import { z } from 'zod';
import type { BastionSettings, LabdConfig } from '../config.js';
import { Damage } from '../storage/damage.js';
import { readFileIfThere } from '../storage/atomic-file.js';

/** Which labd a site that stood alone has joined: labctl bastion join writes it. */
export const JOINED_FILE = 'joined.json';

const joined = z.object({ labdUrl: z.url({ protocol: /^https?$/ }) });

/**
 * The labd that the settings or the folder name. Raises `environment` where there is none: without one, machines would be
 * discovered that nobody could install.
 */
export async function labdOf(
  { folder, labd }: Pick<BastionSettings, 'folder' | 'labd'>,
  damage = new Damage(),
): Promise<LabdConfig> {
  if (labd !== null) return labd;
  const path = join(folder, JOINED_FILE);
  const text = await readFileIfThere(path);
  if (text !== undefined) {
    const known = joined.safeParse(parsed(text)).data;
    if (known !== undefined) return { url: known.labdUrl, joinTokenFile: null };
    const aside = await damage.moveAside(path, 'Set LABD_URL to the labd that this site has joined.');
    throw new LabError('environment', `${path} is damaged: which labd this site has joined can't be told`, {
      hint: `Set LABD_URL to it. What was there is kept in ${aside}.`,
    });
  }
  throw new LabError('environment', 'LABD_URL is not set: a bastion needs a labd', {
    hint: 'For a site that has none, start both on this machine with labctl bastion start --standalone. Else set LABD_URL to the labd, and BASTION_JOIN_TOKEN_FILE to a file with a token of labctl create token. What is in the folder already is told to either.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
