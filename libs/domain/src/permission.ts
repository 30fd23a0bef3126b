import { LabError } from './lab-error.js';
import { printable } from './mac-address.js';

export const ACTIONS = ['read', 'apply', 'destroy', 'admin'] as const;
export type Action = (typeof ACTIONS)[number];

/** `action:cloud:environment:server`; each part a name or `*`, e.g. `apply:dc1:staging:*`. `admin` implies every action. */
export interface Permission {
  action: Action | '*';
  cloud: string;
  environment: string;
  server: string;
}

/** What is to be done, and to which server; a part that a resource doesn't have is `*` (only a wildcard grants it). */
export interface PermissionRequest {
  action: Action;
  cloud: string;
  environment: string;
  server: string;
}

const PART = /^(?:\*|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)$/;

/** Parses the four-part notation; raises `invalid` that says which part is wrong. */
export function parsePermission(text: string): Permission {
  const parts = text.split(':');
  const [action, cloud, environment, server] = parts;
  const refuse = (why: string) =>
    new LabError('invalid', `permission "${printable(text)}": ${why}`, {
      hint: 'Write action:cloud:environment:server, such as apply:dc1:staging:* or read:*:*:*.',
    });
  if (
    parts.length !== 4 ||
    action === undefined ||
    cloud === undefined ||
    environment === undefined ||
    server === undefined
  ) {
    throw refuse(`it has ${parts.length} parts, not 4`);
  }
  const known = action === '*' ? '*' : ACTIONS.find((candidate) => candidate === action);
  if (known === undefined) throw refuse(`the action is none of ${ACTIONS.join(', ')}, *`);
  for (const [name, part] of Object.entries({ cloud, environment, server })) {
    if (!PART.test(part)) throw refuse(`the ${name} is neither a name nor *`);
  }
  return { action: known, cloud, environment, server };
}

export const formatPermission = (permission: Permission): string =>
  [permission.action, permission.cloud, permission.environment, permission.server].join(':');

const partMatches = (granted: string, asked: string): boolean => granted === '*' || granted === asked;

const actionMatches = (granted: Permission['action'], asked: Action): boolean =>
  granted === '*' ||
  granted === 'admin' ||
  granted === asked ||
  (asked === 'read' && (granted === 'apply' || granted === 'destroy'));

/** Whether one grant covers the request. Who may change or destroy may also read. */
export const covers = (granted: Permission, asked: PermissionRequest): boolean =>
  actionMatches(granted.action, asked.action) &&
  partMatches(granted.cloud, asked.cloud) &&
  partMatches(granted.environment, asked.environment) &&
  partMatches(granted.server, asked.server);

/** Deny unless some grant covers it. */
export const isAllowed = (grants: readonly Permission[], asked: PermissionRequest): boolean =>
  grants.some((granted) => covers(granted, asked));

/** What both allow: the grants that a token's scope leaves of its user's. */
export const intersect = (grants: readonly Permission[], scope: readonly Permission[]): Permission[] =>
  grants.flatMap((held) =>
    scope.flatMap((limit): Permission[] => {
      const action = commonAction(held.action, limit.action);
      const cloud = commonPart(held.cloud, limit.cloud);
      const environment = commonPart(held.environment, limit.environment);
      const server = commonPart(held.server, limit.server);
      if (action === undefined || cloud === undefined || environment === undefined || server === undefined)
        return [];
      return [{ action, cloud, environment, server }];
    }),
  );

const commonPart = (a: string, b: string): string | undefined =>
  a === '*' || a === b ? b : b === '*' ? a : undefined;

/** Changing and destroying have only reading in common. */
function commonAction(a: Permission['action'], b: Permission['action']): Permission['action'] | undefined {
  if (a === '*' || a === 'admin') return b;
  if (b === '*' || b === 'admin' || a === b) return a;
  return 'read';
}

/** The grants that matter to a list for `action`: what a query turns into its WHERE clause. */
export const grantsFor = (grants: readonly Permission[], action: Action): readonly Permission[] =>
  grants.filter((granted) => actionMatches(granted.action, action));
