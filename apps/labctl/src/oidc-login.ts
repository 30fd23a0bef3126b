import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CliError, EXIT, notLoggedIn, oneLine, type OidcProvider } from '@lab/cli-kit';
import * as oidc from 'openid-client';

const MOST_SECONDS_AT_PROVIDER = 10;
const MOST_MS_IN_BROWSER = 5 * 60_000;
const CALLBACK = '/callback';

export interface BrowserLogin {
  provider: OidcProvider;
  /** Shows the person where to log in. */
  show: (url: string) => void;
  /** Opens the page, too. */
  openBrowser: boolean;
}

/**
 * An ID token, by authorization code with PKCE (RFC 7636) and a redirect to a port of ours on loopback (RFC 8252). Raises
 * not-logged-in (exit 4) with the provider's reason, timed-out (exit 5) after five minutes.
 */
export async function idTokenFromBrowser({ provider, show, openBrowser }: BrowserLogin): Promise<string> {
  const configuration = await discover(provider);
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const redirect = `http://127.0.0.1:${port}${CALLBACK}`;
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const nonce = oidc.randomNonce();
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirect,
      scope: provider.scope,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const answered = answerTo(server, redirect, state);
    show(url.href);
    if (openBrowser) open(url.href);
    const tokens = await oidc.authorizationCodeGrant(configuration, await answered, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    });
    if (tokens.id_token === undefined) throw new Error('it gave no ID token');
    return tokens.id_token;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw notLoggedIn(`the identity provider ${provider.issuer} did not log you in: ${reasonOf(error)}`, {
      hint: 'Try again. If it goes on, the administrator can check the client at the provider.',
      cause: error,
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function discover({ issuer, clientId }: OidcProvider): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  try {
    return await oidc.discovery(url, clientId, undefined, oidc.None(), {
      timeout: MOST_SECONDS_AT_PROVIDER,
      // labd only names an unencrypted provider if it is on loopback.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- not deprecated: marked to be seen
      ...(url.protocol === 'http:' && { execute: [oidc.allowInsecureRequests] }),
    });
  } catch (cause) {
    throw new CliError('not-ready', `the identity provider ${issuer} can't be reached: ${reasonOf(cause)}`, {
      hint: 'Check that this machine reaches it, or log in with a password: labctl login',
      cause,
    });
  }
}

/** The URL that the browser is sent back to. Requests that aren't the answer to ours are turned away. */
async function answerTo(server: Server, redirect: string, state: string): Promise<URL> {
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<URL>((resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new CliError('timed-out', 'nobody logged in within five minutes', {
          exitCode: EXIT.timedOut,
          hint: 'Run it again, and open the page that it shows.',
        }),
      );
    }, MOST_MS_IN_BROWSER);
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', redirect);
      response.setHeader('content-type', 'text/plain; charset=utf-8').setHeader('connection', 'close');
      if (request.method !== 'GET' || url.pathname !== CALLBACK || url.searchParams.get('state') !== state) {
        response.writeHead(404).end('This page only takes the answer to a login of labctl.\n');
        return;
      }
      const text = url.searchParams.has('error')
        ? 'The login was refused; labctl says why.\n'
        : 'You are logged in: go back to labctl. This page can be closed.\n';
      response.end(text, () => {
        resolve(url);
      });
    });
  });
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}

const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'rundll32' };
const OPENER_ARGUMENTS: Partial<Record<NodeJS.Platform, string[]>> = {
  win32: ['url.dll,FileProtocolHandler'],
};

/** As good as it goes: the page is shown, too. */
function open(url: string): void {
  const command = OPENERS[process.platform] ?? 'xdg-open';
  const child = spawn(command, [...(OPENER_ARGUMENTS[process.platform] ?? []), url], {
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
}

const reasonOf = (error: unknown): string => {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return oneLine(error.error_description ?? error.error);
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return oneLine((error instanceof Error ? error.message : String(error)) + cause);
};
