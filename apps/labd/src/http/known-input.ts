import { LabError, printable } from '@lab/domain';
import type { OpenAPIObject } from '@nestjs/swagger';

/** `GET /api/v1/servers/:ref`: a route as Fastify has it. */
type Route = `${string} ${string}`;

/** What a route takes beside its path. */
export interface RouteInput {
  /** Query parameters, by name. */
  query: readonly string[];
  body: boolean;
}

/** What each route takes, by the API's description: what isn't described, no route takes. */
export function inputsOf(description: OpenAPIObject): ReadonlyMap<Route, RouteInput> {
  return new Map(
    Object.entries(description.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, { parameters = [], requestBody }]) => [
        routeOf(method, path.replaceAll(/\{(\w+)\}/g, ':$1')),
        {
          query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
          body: requestBody !== undefined,
        },
      ]),
    ),
  );
}

interface Operation {
  parameters?: readonly { in: string; name: string }[];
  requestBody?: unknown;
}

const routeOf = (method: string, url: string): Route => `${method.toUpperCase()} ${url}`;

interface Asked {
  method: string;
  url: string;
  query: unknown;
  body: unknown;
}

/** Whether a request says anything that its route may not know: most have neither a query nor, to no purpose, a body. */
export const saysMore = ({ query, body }: Pick<Asked, 'query' | 'body'>): boolean =>
  namesIn(query).length > 0 || saysSomething(body);

/**
 * Raises `invalid` for a query parameter that the route doesn't know, and for a body where it takes none. What is passed over
 * in silence is worse than an error: `?dryrun=true`, or `{"dryRun": true}` to a cancel, would be the real thing.
 */
export function refuseUnknownInput(inputs: ReadonlyMap<Route, RouteInput>, request: Asked): void {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const known = inputs.get(routeOf(method, request.url));
  if (known === undefined) return;
  const unknown = namesIn(request.query).find((name) => !known.query.includes(name));
  if (unknown !== undefined) {
    const name = printable(unknown);
    throw new LabError('invalid', `${name}: is not known here`, {
      hint:
        known.query.length === 0
          ? 'This route takes no query parameters.'
          : `Known are ${known.query.join(', ')}.`,
      errors: [{ path: name, message: 'is not known here' }],
    });
  }
  if (known.body || !saysSomething(request.body)) return;
  const [first = 'body'] = namesIn(request.body).map(printable);
  throw new LabError('invalid', `${first}: is not known here, where no body is taken`, {
    hint:
      known.query.length === 0
        ? 'Send no body.'
        : `Send no body; in the query, ${known.query.join(', ')} may be said.`,
    errors: [{ path: first, message: 'is not known here' }],
  });
}

const namesIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

/** `{}` is what many clients send where nothing is to be said. */
const saysSomething = (body: unknown): boolean =>
  body !== undefined && body !== null && (typeof body !== 'object' || namesIn(body).length > 0);
