import type { FastifyRequest } from 'fastify';

/** Where a request came from. */
export interface Origin {
  requestId: string;
  address: string;
  userAgent: string | null;
}

export const originOf = (request: FastifyRequest): Origin => ({
  requestId: request.id,
  address: request.ip,
  userAgent: request.headers['user-agent']?.slice(0, 256) ?? null,
});
