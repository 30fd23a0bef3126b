import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../cli-error.js';
import { failedInstall } from './install-outcome.js';

const base = { server: 'node1', attempt: 2, lastLines: [] };
const nothing = { section: null, line: null, command: null, exitCode: null, lastLines: [], message: null };

describe('an install that did not succeed', () => {
  it('without a stated cause shows the end of its log', () => {
    const error = failedInstall({ ...base, state: 'failed', failure: null, lastLines: ['a', 'b'] });
    expect(error.message).toBe('the install of node1 failed');
    expect(error.evidence).toEqual(['last lines:', '  | a', '  | b']);
    expect(error.exitCode).toBe(EXIT.failedState);
  });

  it('states stage, line, command and exit code', () => {
    const failure = { ...nothing, stage: 'disk', section: '%pre', line: 41, command: 'sfdisk', exitCode: 1 };
    const error = failedInstall({ ...base, state: 'failed', failure });
    expect(error.message).toBe('the install of node1 failed in the stage "Disk choice"');
    expect(error.evidence).toEqual(['at: %pre line 41', 'command: sfdisk (exit 1)']);
  });

  it('names a stage that only labd knows', () => {
    const error = failedInstall({
      ...base,
      state: 'failed',
      failure: { ...nothing, stage: 'future', exitCode: 7 },
    });
    expect(error.message).toBe('the install of node1 failed in the stage "future"');
    expect(error.evidence).toEqual(['exit code: 7']);
  });

  it('shows at most twenty lines', () => {
    const lastLines = Array.from({ length: 50 }, (_, index) => String(index));
    const error = failedInstall({
      ...base,
      state: 'failed',
      failure: { ...nothing, stage: 'disk', lastLines },
    });
    expect(error.evidence).toHaveLength(21);
    expect(error.evidence.at(-1)).toBe('  | 49');
  });
});
