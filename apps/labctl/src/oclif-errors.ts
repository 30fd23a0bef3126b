import type { CliError } from '@lab/cli-kit';
import { stripVTControlCharacters } from 'node:util';
import { oneLine, similarTo, usageError } from '@lab/cli-kit';

/** labctl's commands with the names of their flags: `config set-context` has `server` … */
export type Commands = ReadonlyMap<string, readonly string[]>;

/** What oclif's own errors mean in labctl's terms; undefined for an error that isn't oclif's. */
export function fromOclif(
  error: unknown,
  commands: Commands,
  argv: readonly string[],
): CliError | { exit: number } | undefined {
  if (!(error instanceof Error) || !('oclif' in error)) return undefined;
  if ('code' in error && error.code === 'EEXIT') return { exit: exitOf(error.oclif) };
  const message = stripVTControlCharacters(error.message).replace(/\nSee more help with --help$/, '');
  if (isUnknownCommand(error))
    return unknownCommand(UNKNOWN.exec(message)?.[1]?.replaceAll(':', ' ') ?? '', [...commands.keys()]);
  const command = commandOf(commands, argv);
  const flag = /^Nonexistent flag: --(\S+)$/m.exec(message)?.[1];
  const similar = flag === undefined ? [] : similarTo(flag, commands.get(command) ?? []);
  const meant = similar.length === 0 ? '' : `Did you mean --${similar.join(' or --')}? `;
  return usageError(readable(message), `${meant}See labctl ${command}${command === '' ? '' : ' '}--help.`);
}

const UNKNOWN = /^command (.+) not found\.?$/i;

/** No command has the name that was given. */
export const isUnknownCommand = (error: unknown): boolean =>
  error instanceof Error && 'oclif' in error && UNKNOWN.test(stripVTControlCharacters(error.message));

function unknownCommand(words: string, commands: readonly string[]): CliError {
  const [first = '', ...rest] = words.split(' ');
  const ofTopic = commands.filter((command) => command.startsWith(`${first} `));
  const name = ofTopic.length > 0 ? `${first} ${rest[0] ?? ''}`.trim() : first;
  const candidates =
    ofTopic.length > 0 ? ofTopic : [...new Set(commands.map((command) => command.split(' ')[0] ?? ''))];
  const similar = similarTo(name, candidates);
  const meant = similar.length === 0 ? '' : `Did you mean ${similar.join(' or ')}? `;
  return usageError(
    `there is no command "${oneLine(name)}"`,
    `${meant}See labctl ${ofTopic.length > 0 ? `${first} ` : ''}--help.`,
  );
}

/** oclif's sentences, one a line and shorter where they are long-winded. */
function readable(message: string): string {
  return message
    .replace(/^The following errors? occurred:\s*/, '')
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^Nonexistent flags?: /, 'there is no flag ')
        .replace(/^Missing \d+ required args?:$/, 'missing:')
        .replace(/^Missing required flag /, 'missing: --')
        .replace(/^Unexpected arguments?: /, 'unexpected: ')
        .replace(/^Parsing (--\S+)$/, '$1:')
        .replace(/^Expected /, 'expected ')
        .replace(/^Flag (--\S+) expects/, '$1 expects'),
    )
    .join('\n')
    .replace(/:\n/g, ': ');
}

/** The command that was typed; empty if there is none of that name. */
function commandOf(commands: Commands, argv: readonly string[]): string {
  const words = argv.filter((arg) => !arg.startsWith('-'));
  return [words.slice(0, 2).join(' '), words[0] ?? ''].find((name) => commands.has(name)) ?? '';
}

function exitOf(value: unknown): number {
  return typeof value === 'object' && value !== null && 'exit' in value && typeof value.exit === 'number'
    ? value.exit
    : 1;
}
