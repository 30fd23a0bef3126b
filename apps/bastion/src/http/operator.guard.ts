import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { notLoggedIn } from '../installs/install.errors.js';
import { bearerOf, hashToken, sameHash } from '../installs/tokens.js';

export const OPERATOR_TOKEN_HASH = Symbol('OperatorTokenHash');

/** Lets in whoever has the token of the file `operator-token` in the bastion's folder. */
@Injectable()
export class OperatorGuard implements CanActivate {
  constructor(@Inject(OPERATOR_TOKEN_HASH) private readonly expected: string) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerOf(request.headers.authorization);
    if (token === undefined || !sameHash(hashToken(token), this.expected)) {
      throw notLoggedIn("The operator's token (file operator-token in BASTION_DIR)");
    }
    return true;
  }
}
