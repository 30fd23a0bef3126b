import { CONDITION_TYPES, SERVER_PHASES, SERVER_ROLES, STAGE_NAMES, kindNamed } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import { OUTPUT_FORMATS } from '@lab/cli-kit';
import { WITH_VALUE } from '../argv.js';

/** A word that may stand there, with what it is. */
export interface Candidate {
  text: string;
  description?: string;
}

/** A command as far as completion looks at it. */
export interface KnownCommand {
  /** `config use-context` */
  words: readonly string[];
  summary: string;
  flags: Readonly<Record<string, { char?: string | undefined; takesValue: boolean; description: string }>>;
}

/** What completion asks for beside the commands. */
export interface LiveNames {
  kinds: () => Promise<readonly PrintedKind[]>;
  /** Names of the resources of a kind. */
  names: (plural: string) => Promise<readonly string[]>;
  contexts: () => Promise<readonly string[]>;
}

/** Verbs of the catalog that the first argument's type has to have, by command. */
const TYPED: Readonly<Record<string, string>> = {
  ...{
    get: 'get',
    describe: 'describe',
    delete: 'delete',
    edit: 'update',
    label: 'update',
    annotate: 'update',
  },
  ...{ create: 'create', wait: 'get', explain: 'get' },
};
/** Commands whose arguments are servers; of `logs` one. */
const OF_SERVERS = new Set(['provision', 'reprovision', 'cancel', 'forget', 'logs']);

const VALUES: Readonly<Record<string, readonly string[]>> = {
  output: [...OUTPUT_FORMATS, 'jsonpath=', 'custom-columns='],
  role: SERVER_ROLES,
  status: SERVER_PHASES,
  condition: CONDITION_TYPES,
  stage: STAGE_NAMES,
  'dry-run': ['none', 'server'],
  for: ['phase=', 'condition=', 'delete'],
  'field-selector': ['status.phase=', 'status.conditions=', 'spec.role='],
};
/** What comes behind those that end with `=`. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  'phase=': SERVER_PHASES,
  'condition=': CONDITION_TYPES,
  'status.phase=': SERVER_PHASES,
  'status.conditions=': CONDITION_TYPES,
  'spec.role=': SERVER_ROLES,
};

/** The candidates for the last of the words, which may be empty; `words` are those after `labctl`. */
export async function complete(
  words: readonly string[],
  commands: readonly KnownCommand[],
  live: LiveNames,
): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  // Global flags may stand before the command.
  while (before[0]?.startsWith('-') === true) {
    const flag = before.shift() ?? '';
    if (!WITH_VALUE.has(flag)) continue;
    if (before.length === 0)
      return (await valuesOf(flag.slice(2), live)).filter(({ text }) => text.startsWith(current));
    before.shift();
  }
  const command = commandOf(before, commands);
  const fits = ({ text }: Candidate): boolean => text.startsWith(current);

  const pending = command === undefined ? undefined : flagNamed(command, before.at(-1) ?? '');
  if (pending?.takesValue === true) return (await valuesOf(pending.name, live, current)).filter(fits);
  const inline = /^(--[a-z-]+)=(.*)$/s.exec(current);
  if (inline !== null && command !== undefined) {
    const [, flag = '', value = ''] = inline;
    const found = flagNamed(command, flag);
    const values = found === undefined ? [] : await valuesOf(found.name, live, value);
    return values
      .filter(({ text }) => text.startsWith(value))
      .map(({ text }) => ({ text: `${flag}=${text}` }));
  }
  if (current.startsWith('-')) {
    if (command === undefined) return [];
    return Object.entries(command.flags)
      .map(([name, { description }]) => ({ text: `--${name}`, description }))
      .filter(fits);
  }
  const plain = before.filter((word) => !word.startsWith('-'));
  const next = commands
    .filter(
      ({ words: own }) => own.length > plain.length && plain.every((word, index) => own[index] === word),
    )
    .map(({ words: own, summary }) => ({
      text: own[plain.length] ?? '',
      description: own.length === plain.length + 1 ? summary : '',
    }));
  if (next.length > 0 && command === undefined) return unique(next).filter(fits);
  if (command === undefined) return [];
  return (await argumentsOf(command, argumentsBefore(before, command), current, live)).filter(fits);
}

/** The longest command that the words begin with. */
function commandOf(words: readonly string[], commands: readonly KnownCommand[]): KnownCommand | undefined {
  return commands
    .filter(({ words: own }) => own.every((word, index) => words[index] === word))
    .sort((a, b) => b.words.length - a.words.length)[0];
}

function flagNamed(command: KnownCommand, word: string): { name: string; takesValue: boolean } | undefined {
  const found = Object.entries(command.flags).find(
    ([name, { char }]) => word === `--${name}` || (char !== undefined && word === `-${char}`),
  );
  return found === undefined ? undefined : { name: found[0], takesValue: found[1].takesValue };
}

/** The command's arguments so far, without its flags and their values. */
function argumentsBefore(before: readonly string[], command: KnownCommand): string[] {
  const rest = before.slice(command.words.length);
  return rest.filter(
    (word, index) => !word.startsWith('-') && flagNamed(command, rest[index - 1] ?? '')?.takesValue !== true,
  );
}

async function valuesOf(flag: string, live: LiveNames, begun = ''): Promise<Candidate[]> {
  if (flag === 'context') return texts(await live.contexts());
  const values = VALUES[flag] ?? [];
  const prefix = values.find((value) => value.endsWith('=') && begun.startsWith(value));
  if (prefix === undefined) return texts(values);
  return texts((BEHIND[prefix] ?? []).map((value) => `${prefix}${value}`));
}

async function argumentsOf(
  { words }: KnownCommand,
  given: readonly string[],
  current: string,
  live: LiveNames,
): Promise<Candidate[]> {
  const name = words.join(' ');
  if (name === 'config use-context') return given.length === 0 ? texts(await live.contexts()) : [];
  if (OF_SERVERS.has(name)) {
    if (name === 'logs' && given.length > 0) return [];
    return texts((await live.names('servers')).filter((one) => !given.includes(one)));
  }
  const verb = name === 'auth can-i' ? 'get' : TYPED[name];
  if (verb === undefined) return [];
  const args = name === 'auth can-i' ? given.slice(1) : given;
  const kinds = (await live.kinds()).filter(({ verbs }) => verbs.includes(verb));
  const slash = current.indexOf('/');
  if (slash > 0) {
    const type = current.slice(0, slash);
    const kind = kindNamed(type, kinds);
    return kind === undefined ? [] : texts((await live.names(kind.plural)).map((one) => `${type}/${one}`));
  }
  const [type] = args;
  if (type === undefined) return kinds.map(({ singular, kind }) => ({ text: singular, description: kind }));
  const kind = kindNamed(type, kinds);
  if (kind === undefined || name === 'create' || name === 'explain') return [];
  return texts((await live.names(kind.plural)).filter((one) => !args.includes(one)));
}

const texts = (values: readonly string[]): Candidate[] => values.map((text) => ({ text }));

const unique = (candidates: readonly Candidate[]): Candidate[] => [
  ...new Map(candidates.map((candidate) => [candidate.text, candidate])).values(),
];
