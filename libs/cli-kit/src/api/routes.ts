import type { paths } from '@lab/api-client';

/** The routes that labctl calls; the compiler checks them against labd's OpenAPI document. */
export const ROUTES = {
  kinds: '/api/v1/resources',
  login: '/api/v1/auth/login',
  oidc: '/api/v1/auth/oidc',
  refresh: '/api/v1/auth/refresh',
  logout: '/api/v1/auth/logout',
  whoami: '/api/v1/auth/whoami',
  server: '/api/v1/servers/{ref}',
  provision: '/api/v1/servers/{ref}/provision',
  reprovision: '/api/v1/servers/{ref}/reprovision',
  cancel: '/api/v1/servers/{ref}/cancel',
  forget: '/api/v1/servers/{ref}/forget',
  adopt: '/api/v1/servers/{ref}/adopt',
  netboot: '/api/v1/servers/{ref}/netboot',
  network: '/api/v1/networks/{ref}',
  leases: '/api/v1/networks/{ref}/leases',
  reservations: '/api/v1/networks/{ref}/reservations',
  logs: '/api/v1/servers/{ref}/logs',
  followLogs: '/api/v1/servers/{ref}/logs/follow',
  password: '/api/v1/users/{ref}/password',
  auditHead: '/api/v1/audit/head',
  verifyAudit: '/api/v1/audit/verify',
  canI: '/api/v1/auth/can-i',
  watch: '/api/v1/watch',
  install: '/api/v1/installs/{ref}',
} as const satisfies Record<string, keyof paths>;

/** The route's path for a resource, whose name, ID or MAC is encoded. */
export const pathTo = (route: (typeof ROUTES)[keyof typeof ROUTES], ref: string): string =>
  route.replace(/\{\w+\}/, () => encodeURIComponent(ref));

/** Of a kind in the catalog: `/api/v1/servers`, `/api/v1/servers/node1`. */
export const listPath = (plural: string): string => `/api/v1/${encodeURIComponent(plural)}`;
export const resourcePath = (plural: string, ref: string): string =>
  `${listPath(plural)}/${encodeURIComponent(ref)}`;
