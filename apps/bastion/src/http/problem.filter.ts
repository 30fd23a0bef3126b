import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { LabError, printable, toProblem } from '@lab/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BastionLog } from '../logger.js';
import { MAX_BODY_BYTES } from './text-body.js';

/** Every error leaves as RFC 9457 `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: BastionLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const known = labErrorOf(error, request);
    const details = {
      requestId: request.id,
      method: request.method,
      path: pathOf(request),
      code: known.code,
    };
    if (known.status >= 500) this.log.error({ ...details, err: error }, known.message);
    else this.log.debug(details, known.message);
    sendProblem(known, request, reply);
  }
}

/** A path that can't be decoded never gets as far as Nest. */
export function answerFrameworkError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(labErrorOf(error, request), request, reply);
}

function sendProblem(known: LabError, request: FastifyRequest, reply: FastifyReply): void {
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  if (known.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  if (known.status === 503 || known.status === 429) void reply.header('Retry-After', '5');
  void reply
    .status(known.status)
    .header('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(known, request.id)));
}

/** Kickstart tokens are part of a path: they don't belong into a log. */
const pathOf = (request: FastifyRequest): string =>
  printable(request.url.split('?', 1)[0] ?? '').replace(/^(\/ks\/install\/).*/, '$1***');

function labErrorOf(error: unknown, request: FastifyRequest): LabError {
  if (error instanceof LabError) return error;
  const status = statusOf(error);
  if (status === 413) {
    return new LabError('too-large', `The body is larger than ${MAX_BODY_BYTES} bytes`, {
      hint: 'Send it in smaller parts.',
    });
  }
  if (status === 404) {
    return new LabError('not-found', `There is nothing at ${request.method} ${pathOf(request)}`, {
      hint: "Look at the address; docs/machine-api.md lists the bastion's.",
    });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new LabError('invalid', printable(messageOf(error)), {
      hint: 'Look at docs/machine-api.md for what the bastion takes.',
    });
  }
  return new LabError('internal', 'a request could not be answered', { cause: error });
}

/** Fastify's errors have `statusCode`. By shape: an error of another realm is no instance of our Error. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null) return undefined;
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
    ? error.message
    : 'The request is not valid';
