import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { asDatabaseError } from '@lab/database';
import { LabError, toProblem, type LabErrorCode, type LabErrorOptions } from '@lab/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusals } from '../audit/refusals.service.js';
import { callerOf } from '../auth/caller.js';

const CODE_OF_STATUS: Partial<Record<number, LabErrorCode>> = {
  400: 'invalid',
  401: 'not-logged-in',
  403: 'not-allowed',
  404: 'not-found',
  408: 'timed-out',
  413: 'too-large',
  414: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  503: 'not-ready',
};

/** Every error of every route leaves as RFC 9457 `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly refusals: Refusals) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const context = host.switchToHttp();
    const request = context.getRequest<FastifyRequest>();
    const reply = context.getResponse<FastifyReply>();
    this.#audit(thrown, request);
    sendProblem(thrown, request, reply);
  }

  #audit(thrown: unknown, request: FastifyRequest): void {
    const caller = callerOf(request);
    if (!(thrown instanceof LabError) || thrown.code !== 'not-allowed' || caller === undefined) return;
    const { ref } = request.params as { ref?: string };
    this.refusals.note({
      actor: `user:${caller.username}`,
      what: `${request.method} ${request.routeOptions.url ?? ''}`,
      name: ref?.slice(0, 253),
      requestId: request.id,
      source: request.ip,
      details: { code: thrown.code, needed: thrown.details['needed'] ?? null },
    });
  }
}

/** Answers with the problem that `thrown` amounts to, and logs what the answer hides. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = asLabError(thrown);
  if (error.status >= 500) request.log.error({ err: thrown, code: error.code }, 'request failed');
  const retryAfter = error.details['retryAfterSeconds'];
  if (typeof retryAfter === 'number') void reply.header('retry-after', String(retryAfter));
  if (error.code === 'not-logged-in') void reply.header('www-authenticate', 'Bearer');
  void reply
    .status(error.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblem(error, request.id)));
}

/** Nest's and Fastify's errors, said in our terms; anything else is internal. */
export function asLabError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const status = statusOf(thrown);
  const code = status === undefined ? undefined : CODE_OF_STATUS[status];
  if (code !== undefined && thrown instanceof Error) {
    const message = readable(thrown.message, code);
    return new LabError(code, message, {
      cause: thrown,
      ...(code === 'invalid' && whereOf(thrown, message)),
      ...(code === 'unsupported-media-type' && {
        hint: 'Send JSON, with `content-type: application/json`; labctl reads YAML.',
      }),
    });
  }
  const unavailable = asDatabaseError(thrown);
  if (unavailable !== undefined) return unavailable;
  return new LabError('internal', thrown instanceof Error ? thrown.message : String(thrown), {
    cause: thrown,
  });
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const isTheirs = thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number';
  return isTheirs ? (thrown.statusCode as number) : undefined;
}

/** Fastify refuses a body before any route sees it: one that isn't JSON, or whose keys reach for prototypes. */
function whereOf(thrown: Error, message: string): Pick<LabErrorOptions, 'errors' | 'hint'> {
  const inBody = 'code' in thrown && String(thrown.code).startsWith('FST_ERR_CTP');
  return inBody
    ? {
        errors: [{ path: 'body', message }],
        hint: 'Send JSON, without keys such as __proto__ or constructor.prototype.',
      }
    : {
        errors: [{ path: 'url', message }],
        hint: 'Encode the path and the query as UTF-8 with % (RFC 3986).',
      };
}

function readable(message: string, code: LabErrorCode): string {
  if (code === 'not-found' && message.startsWith('Cannot '))
    return `There is no route ${message.slice('Cannot '.length)}`;
  if (code === 'too-large') return 'The body is too large';
  return message;
}
