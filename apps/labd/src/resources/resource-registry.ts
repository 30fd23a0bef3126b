import { LabError, RESOURCE_KINDS, kindNamed, printable } from '@lab/domain';
import { Injectable } from '@nestjs/common';
import type { ResourceStore } from './resource-store.js';

/** The kinds that this labd has a store for; each store enters itself. */
@Injectable()
export class ResourceRegistry {
  readonly #stores = new Map<string, ResourceStore>();

  register<Spec extends object>(store: ResourceStore<Spec>): void {
    this.#stores.set(store.kind.kind, store);
  }

  /** By kind, singular, plural or alias; raises `invalid`. */
  storeFor(name: string): ResourceStore {
    const store = this.#stores.get(kindNamed(name, RESOURCE_KINDS)?.kind ?? '');
    if (store !== undefined) return store;
    throw new LabError('invalid', `kind: there is no kind "${printable(name)}"`, {
      hint: `Known are ${[...this.#stores.keys()].join(', ')}.`,
      errors: [{ path: 'kind', message: 'is not known' }],
    });
  }
}
