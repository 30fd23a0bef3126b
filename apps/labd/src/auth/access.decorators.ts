import type { Action, Intent, KindName } from '@lab/domain';
import { SetMetadata } from '@nestjs/common';

/** What a route asks of its caller. */
export type Access =
  | { kind: 'public' }
  | { kind: 'logged-in' }
  /** `server`: some grant for the action is enough to enter; the query or handler then checks the very server. */
  | { kind: 'permission'; action: Action; on: 'everything' | 'server' }
  /** What the catalog asks for that intent; the engine then checks the very resource. */
  | { kind: 'resource'; intent: Intent; resource: KindName };

export const ACCESS = 'lab:access';

/** Anyone may call it; the handler checks what proof it needs itself. */
export const Public = (): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, { kind: 'public' } satisfies Access);

/** Any user who is logged in, whatever their roles. */
export const LoggedIn = (): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, { kind: 'logged-in' } satisfies Access);

/** The caller needs `action`: on everything (`*:*:*`), unless the route is about servers. */
export const RequirePermission = (
  action: Action,
  { on = 'everything' }: { on?: 'everything' | 'server' } = {},
): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, { kind: 'permission', action, on } satisfies Access);

/** The caller may do that to some resource of the kind; which ones, the engine checks. */
export const RequireResource = (intent: Intent, resource: KindName): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, { kind: 'resource', intent, resource } satisfies Access);
