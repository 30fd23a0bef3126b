import { describe, expect, it } from '@jest/globals';
import { connectionError } from './connection-error.js';

const failing = (code: string, message = 'reason') => Object.assign(new Error(message), { code });

describe('a network error', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ENOTFOUND', 'unresolved'],
    ['EAI_AGAIN', 'unresolved'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timed-out'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['HPE_INVALID_CONSTANT', 'not-http'],
    ['ECONNRESET', 'cut'],
    ['', 'cut'],
  ])('%s is told as %s', (code, problem) => {
    expect(connectionError(failing(code), 'https://lab').problem).toBe(problem);
  });

  it('of several addresses of one name is told as the first', () => {
    const error = new AggregateError([failing('ECONNREFUSED'), failing('EHOSTUNREACH')]);
    expect(connectionError(error, 'http://lab').problem).toBe('refused');
  });

  it('about an unknown authority says how to make it known', () => {
    expect(connectionError(failing('SELF_SIGNED_CERT_IN_CHAIN'), 'https://lab').hint).toContain(
      'NODE_EXTRA_CA_CERTS',
    );
  });
});
