import type { Action } from '@lab/domain';
import { SetMetadata } from '@nestjs/common';

/** What a route asks of its caller. */
export type Access =
  | { kind: 'public' }
  | { kind: 'logged-in' }
  /** `server`: some grant for the action is enough to enter; the query or handler then checks the very server. */
  | { kind: 'permission'; action: Action; on: 'everything' | 'server' };

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
