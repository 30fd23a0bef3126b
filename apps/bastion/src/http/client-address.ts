import type { FastifyRequest } from 'fastify';

/** The address of the socket's other end, IPv4 as IPv4. No header counts: machines talk to the bastion directly. */
export const clientAddress = (request: FastifyRequest): string =>
  (request.raw.socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
