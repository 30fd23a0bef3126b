import type { ResourceMetadataDto } from './resource.dto.js';

export const API_VERSION = 'lab/v1';

/** Anything with a kind, a name and an ID that `get` can show. */
export interface Resource {
  apiVersion: typeof API_VERSION;
  kind: string;
  metadata: ResourceMetadataDto;
  spec?: object;
  status?: object;
}

/** The part of a resource that people write; the rest is what labd knows. */
export interface ResourceContent {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  spec: object;
}

/** What a reference led to. */
export interface ResourceRef {
  id: string;
  name: string;
  cloud: string | null;
  environment: string | null;
}

export const contentOf = (resource: Resource): ResourceContent => ({
  name: resource.metadata.name,
  labels: resource.metadata.labels,
  annotations: resource.metadata.annotations,
  spec: resource.spec ?? {},
});

/** Where a resource is, or would be: kinds that are somewhere say so in their spec. */
export function placeOf({ name, spec }: ResourceContent): {
  name: string;
  cloud: string | null;
  environment: string | null;
} {
  const text = (key: string): string | null => {
    const value: unknown = Reflect.get(spec, key);
    return typeof value === 'string' ? value : null;
  };
  return { name, cloud: text('cloud'), environment: text('environment') };
}
