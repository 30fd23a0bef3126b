import { describe, expect, it } from '@jest/globals';
import { LabError, toProblem } from '@lab/domain';
import { exitCodeOf } from '../cli-error.js';
import { problemError } from './problem.js';

describe('an answer that is an error', () => {
  it('is the error that labd raised', () => {
    const raised = new LabError('invalid', 'The input is wrong', {
      hint: 'Correct it.',
      errors: [{ path: 'role', message: 'must be a role' }],
      details: { version: 3 },
    });
    const read = problemError(400, JSON.stringify(toProblem(raised, 'req-1')));
    expect(read).toMatchObject({
      code: 'invalid',
      message: 'The input is wrong',
      hint: 'Correct it.',
      errors: raised.errors,
      details: { version: 3, requestId: 'req-1' },
    });
  });

  it.each([
    [401, 4],
    [403, 4],
    [404, 1],
    [409, 1],
    [418, 1],
    [500, 1],
    [502, 1],
    [504, 5],
  ])('of a proxy with status %i ends with exit code %i', (status, exit) => {
    const error = problemError(status, '<html>Bad</html>');
    expect(error.message).toBe(`the answer was HTTP ${status}, with no reason that labctl can read`);
    expect(exitCodeOf(error)).toBe(exit);
  });

  it.each([
    ['null'],
    ['[]'],
    ['{"detail":7,"errors":"x","code":"__proto__"}'],
    ['{"errors":[1,{"path":"a"}]}'],
  ])('that is malformed (%s) is an error all the same', (body) => {
    expect(problemError(404, body)).toMatchObject({ code: 'not-found', errors: [] });
  });
});
