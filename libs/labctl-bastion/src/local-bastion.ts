import { get } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';

const DEFAULT_DIR = '/tmp/lab-bastion';

/** `--dir`, as every command of the topic has it. */
export const dirFlag = Flags.string({
  description: `folder of the bastion; else BASTION_DIR, else ${DEFAULT_DIR}`,
  helpValue: 'FOLDER',
});

/** The folder that is meant: flag, environment, default. */
export const bastionFolder = (flag: string | undefined, environment: string | undefined): string =>
  resolve(flag ?? environment ?? DEFAULT_DIR);

/** What a bastion that runs has written of itself. */
export interface Running {
  pid: number;
  /** Where it answers on this machine. */
  url: string;
}

/** What `/readyz` says. */
export interface Readiness {
  status: string;
  dhcp: string;
  link: string;
  machines: number;
}

/** The bastion of a folder, if it runs. One that was killed has left its file behind, and no process. */
export async function runningBastion(folder: string): Promise<Running | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'running.json'), 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, url } = value as Partial<Running>;
    if (typeof pid !== 'number' || typeof url !== 'string' || !isBastion(pid)) return undefined;
    await readFile(`/proc/${pid}/cmdline`, 'utf8').then((line) => {
      if (!line.includes('bastion')) throw new Error('another program has its number');
    });
    return { pid, url };
  } catch {
    return undefined;
  }
}

export function isBastion(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What it says of itself; undefined if it doesn't answer. It answers 503 when a part of it is down, and says which. */
export function readiness(url: string): Promise<Readiness | undefined> {
  return new Promise((settle) => {
    const request = get(`${url}/readyz`, { timeout: 2_000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        if (text.length < 65_536) text += chunk;
      });
      answer.on('end', () => {
        try {
          settle(JSON.parse(text) as Readiness);
        } catch {
          settle(undefined);
        }
      });
    });
    request.once('error', () => settle(undefined));
    request.once('timeout', () => request.destroy());
  });
}
