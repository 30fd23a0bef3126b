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

  it('says of every operation what problems it answers, and which need a login', async () => {
    const document = JSON.parse(await readFile(COMMITTED, 'utf8')) as {
      paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown }>>;
    };
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const operation of Object.values(methods)) {
        if (!path.startsWith('/api/')) continue;
        const open = /\/(login|refresh|enrol)$/.test(path);
        expect({ path, problem: operation.responses['401'] !== undefined }).toEqual({ path, problem: true });
        expect({ path, login: operation.security !== undefined }).toEqual({ path, login: !open });
      }
    }
  });
});
