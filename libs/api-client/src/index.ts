export { createLabClient } from './client.js';
export type { LabClient, LabClientOptions, Schemas } from './client.js';
export type { components, operations, paths } from './generated/api.js';
