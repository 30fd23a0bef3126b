export { createLabd } from './create-labd.js';
export type { LabdOptions } from './create-labd.js';
export { startLabd } from './start.js';
export type { RunningLabd } from './start.js';
export { readConfig } from './config.js';
export type { Config } from './config.js';
export { main } from './main.js';
