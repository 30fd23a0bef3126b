import { usageError } from '../cli-error.js';
import { oneLine } from '../output/neutralise.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export const isLoopback = (url: URL): boolean => LOOPBACK.test(url.hostname);

/** labd's base URL as a person writes it: `https://lab.example:7070`, or `host:port` (HTTP on this machine, else HTTPS). Raises a usage error. */
export function serverUrl(text: string): URL {
  const refuse = (why: string) =>
    usageError(
      `"${oneLine(text)}" is not the URL of a labd: ${why}`,
      'Write for example http://127.0.0.1:7070.',
    );
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? parse(text) : withScheme(text);
  if (url === undefined || url.hostname === '') throw refuse('it is not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse('it is neither http:// nor https://');
  if (url.username !== '' || url.password !== '') throw refuse('it holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw refuse('it holds a query or fragment');
  return url;
}

function withScheme(text: string): URL | undefined {
  const url = parse(`https://${text}`);
  return url !== undefined && isLoopback(url) ? parse(`http://${text}`) : url;
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The name that a context gets from its server: `local`, or the host (with its port, if it isn't the scheme's own). */
export const contextNameFor = (url: URL): string =>
  isLoopback(url) ? 'local' : url.port === '' ? url.hostname : `${url.hostname}:${url.port}`;
