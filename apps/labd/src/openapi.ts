import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

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
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: '`accessToken` of a login' })
    .build();
  return withPlainNames(SwaggerModule.createDocument(app, config));
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
  return JSON.parse(text) as OpenAPIObject;
}
