import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { queryParametersOf, refuseUnknownQuery } from './known-query.js';

/** After the access guard: whoever may not call a route learns nothing of its parameters. */
@Injectable()
export class KnownQueryGuard implements CanActivate {
  #describe: (() => OpenAPIObject) | undefined;
  #parameters: ReturnType<typeof queryParametersOf> | undefined;

  /** The description is made once the first request has a query: it takes a while, and few programs ask. */
  learnFrom(describe: () => OpenAPIObject): void {
    this.#describe = describe;
  }

  canActivate(context: ExecutionContext): boolean {
    const { method, query, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    if (Object.keys(query ?? {}).length === 0 || this.#describe === undefined) return true;
    this.#parameters ??= queryParametersOf(this.#describe());
    refuseUnknownQuery(this.#parameters, { method, url: routeOptions.url ?? '', query });
    return true;
  }
}
