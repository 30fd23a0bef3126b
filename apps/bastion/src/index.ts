export { loadConfig } from './config.js';
export type { BastionConfig, BastionSettings, DhcpConfig, LabdConfig } from './config.js';
export { startBastion } from './start-bastion.js';
export type { RunningBastion, Surroundings } from './start-bastion.js';
