export { LocalLab } from './local-lab.js';
export type { LocalLabOptions, ProgramCommand } from './local-lab.js';
export { LabdAdmin } from './labd-admin.js';
export { answers, startProgram } from './program.js';
export type { Program, ProgramOptions } from './program.js';
export { keepRunning } from './supervisor.js';
export type { SupervisorOptions } from './supervisor.js';
