import {
  LabError,
  grantsFor,
  isAllowed,
  kindOf,
  mayDoSomewhere,
  type Clock,
  type Intent,
  type KindName,
} from '@lab/domain';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { CLOCK } from '../injection-tokens.js';
import { ACCESS, type Access } from './access.decorators.js';
import { rememberCaller, type Caller } from './caller.js';
import { SessionsRepository } from './sessions.repository.js';
import { hashOf } from './tokens.js';

const BEARER = /^Bearer ([A-Za-z0-9_-]{20,200})$/i;

/** Lets a request through to its route, or not: deny by default. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access?.kind === 'public') return true;

    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = await this.#identify(request);
    rememberCaller(request, caller);
    if (access === undefined)
      throw new LabError('not-allowed', 'This route declares no permission, so nobody has it');
    if (access.kind === 'permission') requirePermission(caller, access.action, access.on);
    if (access.kind === 'resource') requireResource(caller, access.intent, access.resource);
    return true;
  }

  async #identify(request: FastifyRequest): Promise<Caller> {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw notLoggedIn('No bearer token was sent');
    const tokenHash = hashOf(token);
    const session = await this.sessions.find(token, new Date(this.clock.now()));
    if (session === undefined) throw notLoggedIn('The token is not valid, or has expired');
    return { ...session, tokenHash, requestId: request.id, address: request.ip };
  }
}

const notLoggedIn = (message: string): LabError =>
  new LabError('not-logged-in', message, { hint: 'Log in with: labctl login' });

function requirePermission(
  caller: Caller,
  action: 'read' | 'apply' | 'destroy' | 'admin',
  on: 'everything' | 'server',
): void {
  const allowed =
    on === 'server'
      ? grantsFor(caller.grants, action).length > 0
      : isAllowed(caller.grants, { action, cloud: '*', environment: '*', server: '*' });
  if (allowed) return;
  throw new LabError(
    'not-allowed',
    `${caller.username} may not ${action} ${on === 'server' ? 'any server' : 'this'}`,
    {
      hint: 'Ask an administrator for a role with that permission.',
      details: { needed: `${action}:*:*:*` },
    },
  );
}

function requireResource(caller: Caller, intent: Intent, resource: KindName): void {
  const kind = kindOf(resource);
  if (mayDoSomewhere(caller.grants, kind, intent)) return;
  const action = kind.access[intent];
  throw new LabError('not-allowed', `${caller.username} may not ${action} any ${kind.singular}`, {
    hint: 'Ask an administrator for a role with that permission.',
    details: { needed: `${action}:*:*:*` },
  });
}
