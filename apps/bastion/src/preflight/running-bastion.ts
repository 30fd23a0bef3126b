import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { printable } from '@lab/domain';
import { z } from 'zod';
import { failed, ok, skipped, warning, type Finding } from './finding.js';

/** The bastion that runs in a folder. */
export interface RunningBastion {
  pid: number;
  /** Where it answers on this machine. */
  url: string;
  /** Its own settings, which may be others than this shell's; null: only root may see them. */
  environment: NodeJS.ProcessEnv | null;
  readiness: Readiness | null;
}

const readinessSchema = z.object({ status: z.string(), dhcp: z.string(), link: z.string() });
/** What `/readyz` says. */
export type Readiness = z.infer<typeof readinessSchema>;

const runningSchema = z.object({ pid: z.number().int().positive(), url: z.url({ protocol: /^http$/ }) });
const SETTINGS = /^(?:BASTION_[A-Z_]+|LABD_URL)$/;

export async function runningBastion(folder: string): Promise<RunningBastion | undefined> {
  try {
    const { pid, url } = runningSchema.parse(
      JSON.parse(await readFile(join(folder, 'running.json'), 'utf8')),
    );
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // A killed one has left its file behind, and another program may have its number.
    if (!line.includes('bastion')) return undefined;
    const [environment, readiness] = await Promise.all([environmentOf(pid), readinessOf(url)]);
    return { pid, url, environment, readiness };
  } catch {
    return undefined;
  }
}

async function environmentOf(pid: number): Promise<NodeJS.ProcessEnv | null> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => null);
  if (text === null) return null;
  const pairs = text.split('\0').map((entry): [string, string] => {
    const at = entry.indexOf('=');
    return [entry.slice(0, Math.max(0, at)), entry.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter(([name]) => SETTINGS.test(name)));
}

function readinessOf(url: string): Promise<Readiness | null> {
  return new Promise((settle) => {
    const request = get(`${url}/readyz`, { timeout: 3_000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        if (text.length < 65_536) text += chunk;
      });
      answer.on('end', () => {
        try {
          settle(readinessSchema.safeParse(JSON.parse(text)).data ?? null);
        } catch {
          settle(null);
        }
      });
    });
    request.once('error', () => settle(null));
    request.once('timeout', () => request.destroy());
  });
}

export function judgeRunning(running: RunningBastion | undefined, folder: string): Finding[] {
  if (running === undefined)
    return [skipped('bastion', `none runs in ${folder}: what follows is from the settings of this shell`)];
  const { pid, url, environment, readiness } = running;
  const findings: Finding[] = [];
  if (readiness === null)
    findings.push(
      failed(
        'bastion',
        `process ${pid} does not answer at ${printable(url)}`,
        `Look at ${join(folder, 'bastion.log')}, or at its unit's log; restart it.`,
      ),
    );
  else if (readiness.dhcp === 'down')
    findings.push(
      failed(
        'bastion',
        `process ${pid} runs, but its DHCP server is down: machines get no addresses`,
        'Look for dnsmasq in its log.',
      ),
    );
  else
    findings.push(
      ok(
        'bastion',
        `process ${pid} at ${printable(url)} is ${printable(readiness.status)}; DHCP ${printable(readiness.dhcp)}`,
      ),
    );
  if (environment === null)
    findings.push(
      warning(
        'bastion',
        `the settings of process ${pid} can't be read: those of this shell are taken for them`,
        'Run it as root, or as the bastion’s user.',
      ),
    );
  return findings;
}

/** labd's view while it runs: its own link, which nobody else may open. */
export function judgeOwnLink({ readiness }: RunningBastion): Finding {
  if (readiness === null) return skipped('link', 'the bastion does not answer');
  if (readiness.link === 'established') return ok('link', 'the link with labd is up');
  return failed(
    'link',
    `the link with labd is ${printable(readiness.link)}`,
    'See the finding on labd, and "no link with labd" in its log. Installs go on, and are told later.',
  );
}
