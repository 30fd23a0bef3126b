import { describe, expect, it } from '@jest/globals';
import { LabError } from '@lab/domain';
import { CliError } from './cli-error.js';
import { errorReport } from './error-report.js';

describe('what is told about an error', () => {
  it('is the message, what was wrong, the evidence, the hint and the request ID', () => {
    const error = new CliError('invalid', 'It failed', {
      errors: [{ path: 'role', message: 'must be a role' }],
      evidence: ['command: false (exit 1)'],
      hint: 'Do better.',
      details: { requestId: 'req-1' },
    });
    expect(errorReport(error)).toBe(
      'error: It failed\n  role: must be a role\n  command: false (exit 1)\nhint: Do better.\nrequest ID: req-1\n',
    );
  });

  it('lists the candidates of an ambiguous name, whatever they are', () => {
    const details = { candidates: [{ name: 'a', id: '1' }, { name: '\u001b[2J' }, 7, null] };
    expect(errorReport(new LabError('ambiguous', 'which?', { details }))).toBe(
      'error: which?\n  a (1)\n  \uFFFD[2J\n  7\n  null\n',
    );
  });

  it('holds a stack and its causes only with --debug', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    expect(errorReport(error)).toBe(
      'error: outer\nhint: This is a fault in labctl. Run the command again with --debug and report what it prints.\n',
    );
    expect(errorReport(error, { debug: true })).toMatch(
      /^error: outer\nError: outer\n +at [^]*\ncaused by Error: inner\n +at /,
    );
  });
});
