import { grantsFor, isAllowed, type Permission, type PermissionRequest } from './permission.js';
import type { ResourceKind } from './resource-kinds.js';

/** Where a resource is, as far as it is anywhere. */
export interface Place {
  cloud: string | null;
  environment: string | null;
  name: string;
}

/** What somebody wants to do with a resource; each kind says which action that takes. */
export type Intent = 'read' | 'write' | 'destroy';

/** The permission that is needed; what a kind doesn't have is `*`, which only a wildcard grants. */
export function permissionFor(kind: ResourceKind, intent: Intent, place: Place): PermissionRequest {
  const action = kind.access[intent];
  if (kind.scope === 'global' || kind.scope === 'own')
    return { action, cloud: '*', environment: '*', server: '*' };
  return {
    action,
    cloud: place.cloud ?? '*',
    environment: place.environment ?? '*',
    server: kind.scope === 'server' ? place.name : '*',
  };
}

/** Whether the grants allow it on that very resource. */
export const mayDo = (
  grants: readonly Permission[],
  kind: ResourceKind,
  intent: Intent,
  place: Place,
): boolean => kind.scope === 'own' || isAllowed(grants, permissionFor(kind, intent, place));

/** Whether there can be any resource of the kind that the grants allow it on: what a route asks before it looks. */
export const mayDoSomewhere = (grants: readonly Permission[], kind: ResourceKind, intent: Intent): boolean =>
  kind.scope === 'own' ||
  grantsFor(grants, kind.access[intent]).some((grant) => {
    if (kind.scope === 'server') return true;
    const whole = grant.server === '*';
    return kind.scope === 'environment' ? whole : whole && grant.cloud === '*' && grant.environment === '*';
  });
