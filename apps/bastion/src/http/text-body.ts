import type { FastifyInstance } from 'fastify';

/** No request's body is larger; one that is gets 413. */
export const MAX_BODY_BYTES = 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: false });

/** Bytes from a machine as text: what is not UTF-8 becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Hands every body over as bytes: machines send what isn't UTF-8, and each route says what it takes. */
export function takeBodiesAsBytes(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => {
      done(null, body);
    },
  );
}
