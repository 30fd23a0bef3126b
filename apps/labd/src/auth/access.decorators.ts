import { kindOf, permissionFor, type Action, type Intent, type KindName } from '@lab/domain';
import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** What a route asks of its caller. */
export type Access =
  | { kind: 'public' }
  | { kind: 'logged-in' }
  /** `server`: some grant for the action is enough to enter; the query or handler then checks the very server. */
  | { kind: 'permission'; action: Action; on: 'everything' | 'server' }
  /** What the catalog asks for that intent; the engine then checks the very resource. */
  | { kind: 'resource'; intent: Intent; resource: KindName };

export const ACCESS = 'lab:access';
/** Where the API's description says what a route needs: a permission, or any login. */
export const PERMISSION_EXTENSION = 'x-permission';
/** Of routes that need a login and no permission. */
export const ANY_LOGIN = 'any login';

type RouteDecorator = MethodDecorator & ClassDecorator;

const demand = (access: Access, needed: string): RouteDecorator =>
  applyDecorators(SetMetadata(ACCESS, access), ApiExtension(PERMISSION_EXTENSION, needed));

/** Anyone may call it; the handler checks what proof it needs itself. */
export const Public = (): RouteDecorator => SetMetadata(ACCESS, { kind: 'public' } satisfies Access);

/** Any user who is logged in, whatever their roles. */
export const LoggedIn = (): RouteDecorator => demand({ kind: 'logged-in' }, ANY_LOGIN);

/** The caller needs `action`: on everything (`*:*:*`), unless the route is about servers. */
export const RequirePermission = (
  action: Action,
  { on = 'everything' }: { on?: 'everything' | 'server' } = {},
): RouteDecorator =>
  demand(
    { kind: 'permission', action, on },
    on === 'everything' ? `${action}:*:*:*` : `${action}:<cloud>:<environment>:<server>`,
  );

/** The caller may do that to some resource of the kind; which ones, the engine checks. */
export const RequireResource = (intent: Intent, resource: KindName): RouteDecorator => {
  const kind = kindOf(resource);
  const place = { cloud: '<cloud>', environment: '<environment>', name: '<server>' };
  const { action, cloud, environment, server } = permissionFor(kind, intent, place);
  return demand(
    { kind: 'resource', intent, resource },
    kind.scope === 'own' ? ANY_LOGIN : [action, cloud, environment, server].join(':'),
  );
};
