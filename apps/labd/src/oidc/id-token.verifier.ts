import { LabError, printable, type Clock } from '@lab/domain';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { CLOCK, SETTINGS, type OidcProvider, type Settings } from '../injection-tokens.js';

const DISCOVERY_TIMEOUT_MS = 5000;
const DISCOVERY_GOOD_FOR_MS = 10 * 60_000;
const TOKEN_AGE_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 60;
/** With a public key: a symmetric one would be the client's secret, and ours has none. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** Whom the provider vouches for. */
export interface Identity {
  /** Issuer and subject: the subject alone is unique at its issuer only. */
  id: string;
  claims: JWTPayload;
}

/**
 * Checks ID tokens as OpenID Connect Core 1.0, section 3.1.3.7, says: signature by the provider's published keys, issuer,
 * audience, authorized party, times.
 */
@Injectable()
export class IdTokenVerifier {
  #keys: { key: JWTVerifyGetKey; until: number } | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Raises `not-found` when there is no provider. */
  get provider(): OidcProvider {
    const { oidc } = this.settings;
    if (oidc !== undefined) return oidc;
    throw new LabError('not-found', 'This labd has no identity provider', {
      hint: 'Log in with a password. For a provider, labd is started with LABD_OIDC_ISSUER and LABD_OIDC_CLIENT_ID.',
    });
  }

  /** Raises `not-logged-in` with what is wrong with the token, `not-ready` when the provider doesn't answer. */
  async verify(idToken: string): Promise<Identity> {
    const { issuer, clientId } = this.provider;
    const key = await this.#providerKeys();
    try {
      const { payload } = await jwtVerify(idToken, key, {
        issuer,
        audience: clientId,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: TOKEN_AGE_SECONDS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(this.clock.now()),
      });
      const party = payload['azp'];
      if (party !== undefined && party !== clientId) throw refused('it was issued for another client');
      return { id: `${issuer} ${payload.sub ?? ''}`, claims: payload };
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      if (cause instanceof errors.JWKSTimeout) throw unavailable(issuer, 'its keys can’t be read', cause);
      if (cause instanceof errors.JOSEError) throw refused(cause.message, cause);
      throw unavailable(issuer, 'its keys can’t be read', cause);
    }
  }

  async #providerKeys(): Promise<JWTVerifyGetKey> {
    const now = this.clock.now();
    if (this.#keys !== undefined && now < this.#keys.until) return this.#keys.key;
    const { issuer } = this.provider;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await this.#discover(url, issuer);
    if (answer.issuer !== issuer) {
      throw unavailable(issuer, `it calls itself ${printable(answer.issuer)}`);
    }
    const key = createRemoteJWKSet(new URL(answer.jwks_uri), { timeoutDuration: DISCOVERY_TIMEOUT_MS });
    this.#keys = { key, until: now + DISCOVERY_GOOD_FOR_MS };
    return key;
  }

  async #discover(url: string, issuer: string): Promise<z.infer<typeof discovery>> {
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
        redirect: 'error',
      });
      if (!response.ok) throw new Error(`it answers ${response.status}`);
      return discovery.parse(await response.json());
    } catch (cause) {
      throw unavailable(issuer, `its ${url} can’t be read`, cause);
    }
  }
}

const refused = (why: string, cause?: unknown): LabError =>
  new LabError('not-logged-in', `The identity provider's token is not accepted: ${printable(why)}`, {
    hint: 'Log in again with: labctl login --oidc',
    cause,
  });

const unavailable = (issuer: string, why: string, cause?: unknown): LabError =>
  new LabError('not-ready', `The identity provider ${issuer} can't be used: ${why}`, {
    hint: 'Try again later; the administrator can see to LABD_OIDC_ISSUER. Passwords work meanwhile.',
    cause,
  });
