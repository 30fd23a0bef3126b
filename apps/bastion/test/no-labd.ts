import type { FactSink } from '../src/uplink/fact-sink.js';

/** Takes everything and keeps nothing: for specs of what the bastion itself keeps. */
export const forgetfulSink: FactSink = {
  machines: () => Promise.resolve(),
  progress: () => Promise.resolve(),
  logs: () => Promise.resolve(),
  beforeDroppingLogs: () => undefined,
};
