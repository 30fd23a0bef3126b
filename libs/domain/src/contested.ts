import type { ConditionType } from './conditions.js';

/**
 * Condition of a server: a second address asked for something of its install, and was refused. It stands until the next order,
 * so that whoever comes after the install has ended still sees it.
 */
export const INSTALL_CONTESTED = 'InstallContested' satisfies ConditionType;
