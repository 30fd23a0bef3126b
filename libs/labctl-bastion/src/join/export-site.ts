import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { LabError, programEnvironment } from '@lab/cli-kit';
import type { OwnProgram } from '../bastion-program.js';
import { labdFolder } from '../standalone/site-files.js';
import { headerOf, type HandoverHeader } from './handover-file.js';

/** Has the site's labd write what it hands over. Raises what labd says. */
export async function exportSite(labd: OwnProgram, folder: string, file: string): Promise<HandoverHeader> {
  const child = spawn(labd.command, [...labd.args, 'handover', file], {
    // Another database than the site's own is none of ours.
    env: programEnvironment({ LABD_DATA_DIR: labdFolder(folder), DATABASE_URL: '' }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [said, code] = await Promise.all([text(child.stderr), ended]);
  if (code === 0) return headerOf(file);
  const lines = said.trimEnd().split('\n');
  const hint = lines.find((line) => line.startsWith('hint: '))?.slice('hint: '.length);
  const message = lines.find((line) => line.startsWith('labd: '))?.slice('labd: '.length);
  throw new LabError('environment', message ?? `labd could not hand over (exit code ${code ?? 'unknown'})`, {
    ...(hint !== undefined && { hint }),
  });
}
