/** Injection token of the `Database` of `@lab/database`; the connection is made before the application is. */
export const DATABASE = Symbol('DATABASE');
/** Injection token of the `Clock`. */
export const CLOCK = Symbol('CLOCK');
/** Injection token of the pino `Logger`. */
export const LOGGER = Symbol('LOGGER');
