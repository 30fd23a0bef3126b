import { get } from 'node:http';
import { resolve } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { DEFAULT_BASTION_DIR } from '@lab/cli-kit';

/** `--dir`, as every command of the topic has it. */
export const dirFlag = Flags.string({
  description: `folder of the bastion; else BASTION_DIR, else ${DEFAULT_BASTION_DIR}`,
  helpValue: 'FOLDER',
});

/** The folder that is meant: flag, environment, default. */
export const bastionFolder = (flag: string | undefined, environment: string | undefined): string =>
  resolve(flag ?? environment ?? DEFAULT_BASTION_DIR);

/** What `/readyz` says. */
export interface Readiness {
  status: string;
  dhcp: string;
  link: string;
  machines: number;
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
