import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { inputsOf, refuseUnknownInput, saysMore } from './known-input.js';

/** After the access guard: whoever may not call a route learns nothing of its parameters. */
@Injectable()
export class KnownInputGuard implements CanActivate {
  #describe: (() => OpenAPIObject) | undefined;
  #inputs: ReturnType<typeof inputsOf> | undefined;

  /** The description is made once the first request says something beside its path: it takes a while. */
  learnFrom(describe: () => OpenAPIObject): void {
    this.#describe = describe;
  }

  canActivate(context: ExecutionContext): boolean {
    const { method, query, body, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.#describe === undefined || !saysMore({ query, body })) return true;
    this.#inputs ??= inputsOf(this.#describe());
    refuseUnknownInput(this.#inputs, { method, url: routeOptions.url ?? '', query, body });
    return true;
  }
}
