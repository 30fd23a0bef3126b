import { isIP } from 'node:net';
import { failed, ok, warning, type Finding } from './finding.js';

export interface ListeningFacts {
  /** What machines are given. */
  url: string;
  /** Where the bastion listens. */
  host: string;
  servesDhcp: boolean;
  /** All addresses of this machine. */
  own: readonly string[];
}

/** Whether machines can reach what they are told. */
export function judgeListening({ url, host, servesDhcp, own }: ListeningFacts): Finding {
  const { hostname } = new URL(url);
  const listensEverywhere = host === '0.0.0.0' || host === '::';
  const grave = servesDhcp ? failed : warning;
  if (!listensEverywhere && isLoopback(host))
    return grave(
      'url',
      `the bastion listens on ${host}, where only programs of this machine reach it`,
      "Set BASTION_HOST to its address on the machines' network, or to 0.0.0.0.",
    );
  if (isLoopback(hostname))
    return grave(
      'url',
      `machines are told ${url}, which is themselves`,
      "Set BASTION_URL to its address on the machines' network.",
    );
  if (isIP(hostname) !== 0 && !own.includes(hostname))
    return warning(
      'url',
      `machines are told ${url}, which is no address of this machine`,
      'Correct BASTION_URL, unless something passes its requests on to here.',
    );
  if (!listensEverywhere && host !== hostname)
    return warning(
      'url',
      `machines are told ${url}, but the bastion listens on ${host}`,
      'Set BASTION_HOST and BASTION_URL to the same address, or BASTION_HOST to 0.0.0.0.',
    );
  return ok('url', `machines are told ${url}`);
}

const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || address === '::1' || address === '[::1]' || address === 'localhost';
