import type { paths } from '@lab/api-client';
import type { LabClient } from './lab-client.js';
import { listPath, resourcePath } from './routes.js';

/** What became of one document of an apply. */
export type Applied = ApplyResult['items'][number];
export type ApplyResult = paths['/api/v1/apply']['post']['responses'][200]['content']['application/json'];

/** labd takes so many documents at once. */
const DOCUMENTS_A_REQUEST = 500;

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
    for (let from = 0; from < documents.length; from += DOCUMENTS_A_REQUEST) {
      const body = documents.slice(from, from + DOCUMENTS_A_REQUEST);
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
