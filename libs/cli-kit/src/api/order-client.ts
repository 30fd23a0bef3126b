import { LabError } from '@lab/domain';
import type { Forgotten, Ordered, ProvisionBody } from './api-types.js';
import type { LabClient } from './lab-client.js';
import { ROUTES, pathTo } from './routes.js';

export interface OrderOptions {
  /** labd checks everything and says what it would come to; nothing is done. */
  dryRun?: boolean;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Orders about servers, by name, ID or MAC. */
export class OrderClient {
  #knowsDryRun: Promise<boolean> | undefined;

  constructor(private readonly client: LabClient) {}

  provision(ref: string, body: ProvisionBody, options: OrderOptions = {}): Promise<Ordered> {
    return this.#order<Ordered>(pathTo(ROUTES.provision, ref), options, body);
  }

  reprovision(ref: string, body: ProvisionBody, options: OrderOptions = {}): Promise<Ordered> {
    return this.#order<Ordered>(pathTo(ROUTES.reprovision, ref), options, body);
  }

  cancel(ref: string, options: OrderOptions = {}): Promise<Ordered> {
    return this.#order<Ordered>(pathTo(ROUTES.cancel, ref), options);
  }

  forget(ref: string, options: OrderOptions = {}): Promise<Forgotten> {
    return this.#order<Forgotten>(pathTo(ROUTES.forget, ref), options);
  }

  async #order<T>(path: string, { dryRun = false }: OrderOptions, body?: ProvisionBody): Promise<T> {
    if (dryRun) await this.#requireDryRun();
    return this.client.send<T>({
      method: 'POST',
      path,
      ...(dryRun && { query: { dryRun: 'true' } }),
      ...(body !== undefined && { body }),
    });
  }

  /** A labd that doesn't know what a dry run of an order is passes it over, and does the real thing. Its description tells. */
  async #requireDryRun(): Promise<void> {
    this.#knowsDryRun ??= this.client.openApi().then((description) => {
      const paths: unknown = Reflect.get(description, 'paths');
      const route: unknown = isObject(paths) ? Reflect.get(paths, ROUTES.cancel) : undefined;
      return JSON.stringify(route ?? null).includes('"dryRun"');
    });
    if (await this.#knowsDryRun) return;
    throw new LabError('environment', `labd at ${this.client.server} is too old for a dry run of an order`, {
      hint: 'Update labd. Nothing was ordered.',
    });
  }
}
