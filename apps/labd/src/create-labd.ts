import { randomUUID } from 'node:crypto';
import { systemClock } from '@lab/domain';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { LogController, type FastifyReply, type FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { LabdModule, type LabdParts } from './app.module.js';
import { callerOf } from './auth/caller.js';
import { Metrics } from './health/metrics.service.js';
import { KnownInputGuard } from './http/known-input.guard.js';
import { NestLogger } from './http/nest-logger.js';
import { sendProblem } from './http/problem.filter.js';
import { refuseUnstorable } from './http/text-guard.js';
import { DEFAULT_SETTINGS } from './injection-tokens.js';
import { openApiDocument } from './openapi.js';

/** A body larger than this is refused with 413; ours are a few hundred bytes. */
const MAX_BODY_BYTES = 256 * 1024;
/** All header lines of a request together; Node answers 431. */
const MAX_HEADER_BYTES = 16 * 1024;
/** How long a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 30_000;

export type LabdOptions = Pick<LabdParts, 'database' | 'auditKey'> &
  Partial<LabdParts> & { tls?: { cert: Buffer; key: Buffer } };

/** Builds labd on a database that is migrated and seeded. The caller listens, and closes both. */
export async function createLabd(options: LabdOptions): Promise<NestFastifyApplication> {
  const { database, auditKey, clock = systemClock, logger = pino({ level: 'silent' }), tls } = options;
  const { settings = DEFAULT_SETTINGS } = options;
  const adapter = new FastifyAdapter({
    ...(tls === undefined
      ? { http: { maxHeaderSize: MAX_HEADER_BYTES } }
      : { https: { ...tls, minVersion: 'TLSv1.2' as const, maxHeaderSize: MAX_HEADER_BYTES } }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 512 },
    // A URL that can't be decoded never reaches Nest.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(error, request, reply);
    },
    forceCloseConnections: true,
    // `observeRequests` logs one line a request, without its query and headers.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    loggerInstance: logger,
    // A caller's own ID could forge lines of our log.
    genReqId: () => randomUUID(),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    LabdModule.with({ database, auditKey, clock, logger, settings }),
    adapter,
    { logger: new NestLogger(logger), abortOnError: false },
  );
  observeRequests(app);
  app.get(KnownInputGuard).learnFrom(() => openApiDocument(app));
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'lab API',
    swaggerOptions: { persistAuthorization: true, validatorUrl: null },
  });
  return app;
}

function observeRequests(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const metrics = app.get(Metrics);
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    try {
      refuseUnstorable('', request.params);
      refuseUnstorable('', request.query);
      refuseUnstorable('', request.body);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    // Without the query: whoever puts a secret there by mistake should not find it in the log.
    const [url = ''] = request.url.split('?', 1);
    const milliseconds = Math.round(reply.elapsedTime);
    // Whoever probes for health does it all the time.
    const level = url === '/healthz' || url === '/readyz' ? 'debug' : 'info';
    const user = callerOf(request)?.username;
    request.log[level]({ method, url, status: reply.statusCode, milliseconds, user }, 'request');
    metrics.observeRequest(method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime);
    done();
  });
}
