import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ANY_LOGIN, PERMISSION_EXTENSION } from './auth/access.decorators.js';

/** The API's description, made from the controllers; nothing has to listen for it. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('lab API')
    .setDescription(
      'The one source of truth for the servers of a lab. Log in with `POST /api/v1/auth/login`, then use the access token ' +
        'as bearer token. Errors are RFC 9457 problem documents with a `hint`.',
    )
    .setVersion('1')
    .addServer('/')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: '`accessToken` of a login' })
    .build();
  return withPlainNames(withAccess(SwaggerModule.createDocument(app, config)));
}

/** `ServerDto` is how our code says it; who uses the API knows a `Server`. */
function withPlainNames(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  const renamed = Object.fromEntries(
    Object.entries(schemas)
      .map(([name, schema]) => [name.replace(/Dto$/, ''), schema] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
  const whole = { ...document, components: { ...document.components, schemas: renamed } };
  const text = JSON.stringify(whole).replaceAll(/("#\/components\/schemas\/\w+?)Dto"/g, '$1"');
  return JSON.parse(text, withoutLoneAllOf) as OpenAPIObject;
}

/** In OpenAPI 3.1 a reference may have neighbours; what is made for 3.0 wraps it. */
function withoutLoneAllOf(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('allOf' in value)) return value;
  const { allOf, ...rest } = value;
  return Array.isArray(allOf) && allOf.length === 1 ? { ...rest, ...allOf[0] } : value;
}

interface Operation {
  description?: string;
  security?: object[];
  [extension: string]: unknown;
}

/** Says of each operation what it needs where people read it, too; and of those that are open, that they are. */
function withAccess(document: OpenAPIObject): OpenAPIObject {
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations) as Operation[]) {
      const needed = operation[PERMISSION_EXTENSION];
      operation.security ??= [];
      if (typeof needed !== 'string') continue;
      const sentence = needed === ANY_LOGIN ? 'Needs a login.' : `Needs \`${needed}\`.`;
      operation.description = [operation.description, sentence].filter(Boolean).join('\n\n');
    }
  }
  return document;
}
