import { LabError, printable } from '@lab/domain';
import type { OpenAPIObject } from '@nestjs/swagger';

/** `GET /api/v1/servers/:ref`: a route as Fastify has it. */
type Route = `${string} ${string}`;

/** The query parameters of each route, by the API's description: what isn't described, no route takes. */
export function queryParametersOf(description: OpenAPIObject): ReadonlyMap<Route, readonly string[]> {
  return new Map(
    Object.entries(description.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, { parameters = [] }]) => [
        routeOf(method, path.replaceAll(/\{(\w+)\}/g, ':$1')),
        parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      ]),
    ),
  );
}

interface Operation {
  parameters?: readonly { in: string; name: string }[];
}

const routeOf = (method: string, url: string): Route => `${method.toUpperCase()} ${url}`;

/**
 * Raises `invalid` for a query parameter that the route doesn't know. One that is passed over in silence is worse than an
 * error: `?dryrun=true` would erase a disk.
 */
export function refuseUnknownQuery(
  parameters: ReadonlyMap<Route, readonly string[]>,
  request: { method: string; url: string; query: unknown },
): void {
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const known = parameters.get(routeOf(method, request.url));
  if (known === undefined || typeof request.query !== 'object' || request.query === null) return;
  const unknown = Object.keys(request.query).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const name = printable(unknown);
  throw new LabError('invalid', `${name}: is not known here`, {
    hint: known.length === 0 ? 'This route takes no query parameters.' : `Known are ${known.join(', ')}.`,
    errors: [{ path: name, message: 'is not known here' }],
  });
}
