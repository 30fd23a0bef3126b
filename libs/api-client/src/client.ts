import createFetchClient, { type Client } from 'openapi-fetch';
import type { components, paths } from './generated/api.js';

/** The schemas of labd's API by name: `Schemas['Server']`. */
export type Schemas = components['schemas'];

/** Typed calls of labd's API: `client.GET('/api/v1/servers/{ref}', { params: { path: { ref } } })`. */
export type LabClient = Client<paths>;

export interface LabClientOptions {
  /** labd's address: `http://127.0.0.1:7070`. */
  baseUrl: string;
  /** Asked before each request; undefined sends none. */
  accessToken?: () => string | undefined | Promise<string | undefined>;
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A client of one labd. Network failures are thrown as `fetch` throws them; problems come as `error` of the result. */
export function createLabClient(options: LabClientOptions): LabClient {
  const { accessToken } = options;
  const client = createFetchClient<paths>({
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    ...(options.fetch !== undefined && { fetch: options.fetch }),
  });
  if (accessToken !== undefined) {
    client.use({
      async onRequest({ request }) {
        const token = await accessToken();
        if (token !== undefined) request.headers.set('authorization', `Bearer ${token}`);
        return request;
      },
    });
  }
  return client;
}
