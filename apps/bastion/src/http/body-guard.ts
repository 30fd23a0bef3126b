import { LabError } from '@lab/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { bearerOf } from '../installs/tokens.js';
import { clientAddress } from './client-address.js';

/** What anyone may send: a hardware report has at most so many bytes. */
const MAX_ANYONES_BYTES = 256 * 1024;
/** Such bodies of one address that may be under way at once; each waits in memory until it is whole. */
const MAX_ANYONES_BODIES = 32;

/**
 * A body is kept in memory until it is there. Only a machine that is being installed may send a large one; of others it is looked
 * at before any of it is read: how large it is, and how many their address is sending.
 */
export function guardBodies(
  server: FastifyInstance,
  mayReport: (token: string | undefined) => boolean,
): void {
  const underWay = new Map<string, number>();
  server.addHook('onRequest', (request, reply, done) => {
    if (!hasBody(request) || mayReport(bearerOf(request.headers.authorization))) {
      done();
      return;
    }
    const length = request.headers['content-length'];
    const address = clientAddress(request);
    const count = underWay.get(address) ?? 0;
    const refusal = refusalOf(length, count);
    if (refusal !== undefined) {
      // What is still to come of it isn't read.
      void reply.header('connection', 'close');
      done(refusal);
      return;
    }
    underWay.set(address, count + 1);
    reply.raw.once('close', () => {
      const left = (underWay.get(address) ?? 1) - 1;
      if (left > 0) underWay.set(address, left);
      else underWay.delete(address);
    });
    done();
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

function refusalOf(length: string | undefined, count: number): LabError | undefined {
  if (length === undefined) {
    return new LabError('invalid', 'The length of the body is not said', {
      hint: 'Send Content-Length; only a machine with the report token of its install may leave it out.',
    });
  }
  if (Number(length) > MAX_ANYONES_BYTES) {
    return new LabError(
      'too-large',
      `Without the report token of an install a body has at most ${MAX_ANYONES_BYTES} bytes`,
      {
        hint: 'Send only what docs/machine-api.md lists.',
      },
    );
  }
  if (count >= MAX_ANYONES_BODIES) {
    return new LabError('too-many-requests', `This address is sending ${MAX_ANYONES_BODIES} bodies already`, {
      hint: 'Send one after the other.',
    });
  }
  return undefined;
}
