import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { createDatabase } from '@lab/database';
import { createLabd } from './create-labd.js';
import { openApiDocument } from './openapi.js';

const COMMITTED = new URL('../../../libs/api-client/src/generated/openapi.json', import.meta.url);

describe('the API description', () => {
  it('is what the client was generated from, and is made without a database or a port', async () => {
    const database = createDatabase({ url: 'postgresql://nobody@127.0.0.1:1/nothing' });
    const app = await createLabd({ database, auditKey: Buffer.alloc(32) });
    const document = openApiDocument(app);
    await app.close();
    await database.close();
    // Else: build labd and run libs/api-client/scripts/generate.mjs.
    expect(document).toEqual(JSON.parse(await readFile(COMMITTED, 'utf8')));
  });

  it('says of every operation what problems it answers, and what it needs', async () => {
    for (const { path, operation } of await operations()) {
      if (!path.startsWith('/api/')) continue;
      const open = /\/(login|refresh|oidc|enrol|handovers(\/.+)?)$/.test(path);
      expect({
        path,
        problem: Object.keys(operation.responses).some((status) => status.startsWith('4')),
      }).toEqual({ path, problem: true });
      expect({ path, login: operation.security.length > 0 }).toEqual({ path, login: !open });
      expect({ path, permission: operation['x-permission'] !== undefined }).toEqual({
        path,
        permission: !open,
      });
    }
  });

  it('has an example of every body, so that it can be tried without reading on', async () => {
    const schemas = (await committed()).components.schemas;
    const filledIn = ({ example, $ref, properties, required = [], ...schema }: Schema): boolean => {
      if (example !== undefined || 'enum' in schema || 'default' in schema || 'format' in schema) return true;
      if ($ref !== undefined) return filledIn(schemas[$ref.replace('#/components/schemas/', '')] ?? {});
      if (properties === undefined) return false;
      return Object.entries(properties).every(
        ([name, property]) => !required.includes(name) || filledIn(property),
      );
    };
    const without = (await operations()).filter(({ operation }) =>
      Object.values(operation.requestBody?.content ?? {}).some(
        ({ example, examples, schema }) =>
          example === undefined && examples === undefined && !filledIn(schema),
      ),
    );
    expect(without.map(({ path }) => path)).toEqual([]);
  });
});

interface Schema {
  example?: unknown;
  $ref?: string;
  properties?: Record<string, Schema>;
  required?: string[];
}

interface Operation {
  responses: Record<string, unknown>;
  security: unknown[];
  requestBody?: { content: Record<string, { example?: unknown; examples?: unknown; schema: Schema }> };
  'x-permission'?: string;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const committed = async (): Promise<Description> =>
  JSON.parse(await readFile(COMMITTED, 'utf8')) as Description;

const operations = async (): Promise<{ path: string; operation: Operation }[]> =>
  Object.entries((await committed()).paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation })),
  );
