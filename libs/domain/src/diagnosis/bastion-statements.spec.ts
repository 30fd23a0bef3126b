import { describe, expect, it } from '@jest/globals';
import { statedByBastion } from './bastion-statements.js';

const failure = (message: string | null, section: string | null = null) => ({
  ...{ section, stage: 'kickstart', line: null, command: null, exitCode: null, lastLines: [], message },
});

describe('a failure that the bastion states', () => {
  it.each([
    [
      'kickstart: There is no layout "special".',
      'the bastion could not write the kickstart: There is no layout "special".',
    ],
    [
      'no-profile: this bastion has no profile "x"',
      'the bastion no longer has the profile: this bastion has no profile "x"',
    ],
    [
      'boot-loop: the machine came back 4 times',
      'the machine boots the install again and again: the machine came back 4 times',
    ],
  ])('has its own words as the cause: %s', (message, cause) => {
    expect(statedByBastion(failure(message))).toMatchObject({ certainty: 'stated', cause });
  });

  it('is no machine’s, whatever that says', () => {
    expect(statedByBastion(failure('kickstart: x', '%pre'))).toBeUndefined();
    expect(statedByBastion(failure('something else'))).toBeUndefined();
    expect(statedByBastion(failure(null))).toBeUndefined();
  });
});
