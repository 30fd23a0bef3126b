import type { paths } from '@lab/api-client';
import type { LabClient } from './lab-client.js';
import { listPath, resourcePath } from './routes.js';

/** What became of one document of an apply. */
export type Applied = ApplyResult['items'][number];
export type ApplyResult = paths['/api/v1/apply']['post']['responses'][200]['content']['application/json'];

/** labd takes so many documents at once, and a body of 256 KiB. */
const DOCUMENTS_A_REQUEST = 500;
const BYTES_A_REQUEST = 200 * 1024;

export interface WriteOptions {
  dryRun?: boolean;
}
const query = ({ dryRun = false }: WriteOptions) => ({ dryRun: dryRun ? 'true' : undefined });

/** Writes to resources of any kind in the catalog. Raises what labd states. */
export class ResourceClient {
  constructor(private readonly client: LabClient) {}

  create(plural: string, document: object, options: WriteOptions = {}): Promise<unknown> {
    return this.client.send({
      method: 'POST',
      path: listPath(plural),
      body: document,
      query: query(options),
    });
  }

  replace(plural: string, ref: string, document: object, options: WriteOptions = {}): Promise<unknown> {
    const path = resourcePath(plural, ref);
    return this.client.send({ method: 'PUT', path, body: document, query: query(options) });
  }

  /** A merge patch (RFC 7396). */
  patch(plural: string, ref: string, patch: object, options: WriteOptions = {}): Promise<unknown> {
    const path = resourcePath(plural, ref);
    return this.client.send({ method: 'PATCH', path, body: patch, query: query(options) });
  }

  remove(plural: string, ref: string, options: WriteOptions = {}): Promise<unknown> {
    return this.client.send({ method: 'DELETE', path: resourcePath(plural, ref), query: query(options) });
  }

  apply(documents: readonly object[], options: WriteOptions = {}): Promise<Applied[]> {
    return this.#inParts(documents, '/api/v1/apply', options);
  }

  /** What apply would change. */
  diff(documents: readonly object[]): Promise<Applied[]> {
    return this.#inParts(documents, '/api/v1/diff', {});
  }

  async #inParts(
    documents: readonly object[],
    path: '/api/v1/apply' | '/api/v1/diff',
    options: WriteOptions,
  ): Promise<Applied[]> {
    const applied: Applied[] = [];
    for (const body of partsOf(documents)) {
      const from = applied.length;
      const { items } = await this.client.send<ApplyResult>({
        method: 'POST',
        path,
        body,
        query: query(options),
      });
      applied.push(...items.map((item) => ({ ...item, index: item.index + from })));
    }
    return applied;
  }
}

function partsOf(documents: readonly object[]): object[][] {
  const parts: object[][] = [];
  let bytes = 0;
  for (const document of documents) {
    const size = Buffer.byteLength(JSON.stringify(document)) + 1;
    const last = parts.at(-1);
    if (last === undefined || last.length >= DOCUMENTS_A_REQUEST || bytes + size > BYTES_A_REQUEST) {
      parts.push([document]);
      bytes = size;
    } else {
      last.push(document);
      bytes += size;
    }
  }
  return parts;
}
