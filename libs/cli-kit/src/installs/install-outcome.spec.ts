import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../cli-error.js';
import { failedInstall } from './install-outcome.js';

const base = { server: 'node1', attempt: 2, lastLines: [] };
const nothing = {
  section: null,
  line: null,
  command: null,
  exitCode: null,
  lastLines: [],
  message: null,
  diagnosis: null,
};

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

  it('states the cause that labd found, with its evidence, why, and what to do', () => {
    const diagnosis = {
      rule: 'package-missing',
      certainty: 'likely' as const,
      cause: 'a package is not there',
      explanation: 'It is named.',
      next: 'Correct it.',
      runbook: 'docs/x.md#y',
      evidence: [
        { number: 7, source: 'dnf', stage: 'packages', text: 'No match \u001b[31m for x' },
        { number: 8, source: 'dnf', stage: 'packages', text: 'bye' },
      ],
    };
    const failure = { ...nothing, stage: 'packages', message: 'exit 1', diagnosis };
    const error = failedInstall({ ...base, state: 'failed', failure });
    expect(error.message).toBe(
      'the install of node1 failed in the stage "Packages": probably a package is not there',
    );
    expect(error.evidence.join('\n')).not.toContain('\u001b');
    expect(error.evidence.slice(0, 2)).toEqual(['reported: exit 1', 'evidence (line 7 of the log, dnf):']);
    expect(error.evidence.slice(3)).toEqual([
      '  > bye',
      'why: It is named.',
      'next: Correct it.',
      'read: docs/x.md#y',
    ]);
    const unknown = { ...failure, diagnosis: { ...diagnosis, rule: null, next: null, runbook: null } };
    const other = failedInstall({ ...base, state: 'failed', failure: unknown });
    expect(other.message).toBe('the install of node1 failed in the stage "Packages": exit 1');
    expect(other.evidence[0]).toBe('cause: unknown; no rule matches the log');
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
