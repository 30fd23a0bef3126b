export { testDatabase } from './database/test-database.js';
export type { TestDatabase, TestDatabaseOptions } from './database/test-database.js';
export { statementRecorder } from './database/statement-recorder.js';
export type { StatementRecorder } from './database/statement-recorder.js';
export { SimulatedMachine } from './machines/simulated-machine.js';
export type { MachineHistory, Pace, SimulatedMachineOptions } from './machines/simulated-machine.js';
