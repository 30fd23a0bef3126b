import type { Permission } from '@lab/domain';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who sent the request, as the guard found out. */
export interface Caller {
  userId: string;
  username: string;
  /** With an API token, not a login. */
  byToken: boolean;
  sessionId: string;
  /** Of the token that was shown: to see whether it is still good. */
  tokenHash: string;
  roles: readonly string[];
  grants: readonly Permission[];
  requestId: string;
  /** Peer's address. */
  address: string;
}

const callers = new WeakMap<FastifyRequest, Caller>();

export const rememberCaller = (request: FastifyRequest, caller: Caller): void => {
  callers.set(request, caller);
};

export const callerOf = (request: FastifyRequest): Caller | undefined => callers.get(request);

/** The caller, as a parameter of a route that isn't public. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (caller === undefined) throw new Error('CurrentCaller is used on a route without a login');
  return caller;
});
