import { describe, expect, it } from '@jest/globals';
import { CliError } from '@lab/cli-kit';
import { fromOclif } from './oclif-errors.js';

const commands = new Map([
  ['get', ['output', 'selector']],
  ['describe', []],
  ['config view', []],
  ['config use-context', []],
]);
const raised = (message: string) => Object.assign(new Error(message), { oclif: { exit: 2 } });
const told = (message: string, argv: string[] = ['get']) => {
  const error = fromOclif(raised(message), commands, argv);
  return error instanceof CliError ? [error.message, error.hint] : error;
};

describe("oclif's errors", () => {
  it.each([
    ['command gte:servers not found', ['there is no command "gte"', 'Did you mean get? See labctl --help.']],
    [
      'command config:veiw not found',
      ['there is no command "config veiw"', 'Did you mean config view? See labctl config --help.'],
    ],
    ['Nonexistent flag: --x\nSee more help with --help', ['there is no flag --x', 'See labctl get --help.']],
    [
      'Nonexistent flag: --outptu\nSee more help with --help',
      ['there is no flag --outptu', 'Did you mean --output? See labctl get --help.'],
    ],
    [
      'The following errors occurred:\n  \u001b[2mMissing required flag os\n  Missing required flag role\u001b[22m',
      ['missing: --os\nmissing: --role', 'See labctl get --help.'],
    ],
    [
      'Parsing --tail \n\tExpected an integer but received: x',
      ['--tail: expected an integer but received: x', 'See labctl get --help.'],
    ],
  ])('%j is told as %j', (message, expected) => {
    expect(told(message)).toEqual(expected);
  });

  it('that only end the program are passed on', () => {
    expect(
      fromOclif(Object.assign(raised('EEXIT: 0'), { code: 'EEXIT', oclif: { exit: 0 } }), commands, []),
    ).toEqual({
      exit: 0,
    });
  });

  it('are told apart from all others', () => {
    expect(fromOclif(new Error('x'), commands, [])).toBeUndefined();
    expect(fromOclif('x', commands, [])).toBeUndefined();
  });
});
