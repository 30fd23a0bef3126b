import type { FastifyRequest } from 'fastify';

/** The address of the socket's other end, IPv4 as IPv4. No header counts: machines talk to the bastion directly. */
export const clientAddress = (request: FastifyRequest): string =>
  plainAddress(request.raw.socket.remoteAddress);

export const plainAddress = (address: string | undefined): string =>
  (address ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
