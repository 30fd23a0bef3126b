import { kindNamed } from '@lab/domain';
import type { PrintedKind } from '@lab/domain';
import { usageError } from '../cli-error.js';
import { similarTo } from './similar.js';

/** What a command is to act on: all resources of a kind, or those that are named. */
export interface Selection {
  kind: PrintedKind;
  /** Names, IDs or MACs; empty is all. */
  refs: string[];
}

/**
 * Reads `TYPE`, `TYPE NAME…`, `TYPE1,TYPE2` and `TYPE/NAME TYPE/NAME…`. Raises a usage error that lists the types, says which
 * one was meant, or what does not go together.
 */
export function parseSelections(
  args: readonly string[],
  kinds: readonly PrintedKind[],
  verb: string,
): Selection[] {
  const [first, ...names] = args;
  if (first === undefined) throw usageError(`${verb} what?`, typesHint(kinds, verb));
  if (args.some((arg) => arg.includes('/'))) return qualified(args, kinds, verb);

  const selected = [...new Set(first.split(',').map((name) => kindFor(name, kinds, verb)))];
  if (selected.length > 1 && names.length > 0) {
    throw usageError(
      `${first}: several types and names do not go together`,
      `Write labctl ${verb} TYPE/NAME TYPE/NAME.`,
    );
  }
  return selected.map((kind) => ({ kind, refs: unique(names, first) }));
}

function qualified(args: readonly string[], kinds: readonly PrintedKind[], verb: string): Selection[] {
  const selections = new Map<PrintedKind, string[]>();
  for (const arg of args) {
    const slash = arg.indexOf('/');
    if (slash < 0) {
      throw usageError(
        `"${arg}" has no type, and other arguments have`,
        `Write either labctl ${verb} TYPE NAME… or labctl ${verb} TYPE/NAME…`,
      );
    }
    const ref = arg.slice(slash + 1);
    if (ref === '' || ref.includes('/')) {
      throw usageError(`"${arg}" is not TYPE/NAME`, `Write for example labctl ${verb} server/node1.`);
    }
    const kind = kindFor(arg.slice(0, slash), kinds, verb);
    selections.set(kind, [...(selections.get(kind) ?? []), ref]);
  }
  return [...selections].map(([kind, refs]) => ({ kind, refs: unique(refs, kind.singular) }));
}

function unique(refs: readonly string[], type: string): string[] {
  if (refs.includes('')) throw usageError(`the name of a ${type} is empty`);
  return [...new Set(refs)];
}

function kindFor(name: string, kinds: readonly PrintedKind[], verb: string): PrintedKind {
  const kind = kindNamed(name, kinds);
  if (kind === undefined) {
    const similar = similarTo(name, kinds.flatMap(namesOf));
    const meant = similar.length > 0 ? `Did you mean ${similar.join(' or ')}? ` : '';
    throw usageError(`there is no resource type "${name}"`, meant + typesHint(kinds, verb));
  }
  if (!kind.verbs.includes(verb)) {
    throw usageError(`${kind.plural} can't be used with ${verb}`, typesHint(kinds, verb));
  }
  return kind;
}

const namesOf = (kind: PrintedKind): string[] => [kind.singular, kind.plural, ...kind.aliases];

function typesHint(kinds: readonly PrintedKind[], verb: string): string {
  const listed = kinds
    .filter((kind) => kind.verbs.includes(verb))
    .map((kind) => (kind.aliases.length === 0 ? kind.plural : `${kind.plural} (${kind.aliases.join(', ')})`));
  return `Types: ${listed.join(', ')}.`;
}

/**
 * The servers that `NAME…`, `server/NAME…` or `server NAME…` mean, each once. Raises a usage error for none, and for another type.
 */
export function parseServerRefs(
  args: readonly string[],
  kinds: readonly PrintedKind[],
  verb: string,
): string[] {
  const [first, ...others] = args;
  if (first === undefined || others.length === 0) return [parseServerRef(args, kinds, verb)];
  const type = kindNamed(first, kinds)?.singular;
  if (type !== undefined && type !== 'server') {
    throw usageError(
      `"${args.join(' ')}" is not a server`,
      `Write labctl ${verb} SERVER…: names, IDs or MACs.`,
    );
  }
  const isTyped = type === 'server';
  const refs = (isTyped ? others : args).map((arg) => parseServerRef([arg], kinds, verb));
  return [...new Set(refs)];
}

/**
 * The server that `NAME`, `server/NAME` or `server NAME` means. Raises a usage error for another type, or several arguments.
 */
export function parseServerRef(args: readonly string[], kinds: readonly PrintedKind[], verb: string): string {
  const [first, second, ...rest] = args;
  if (first === undefined) {
    throw usageError(`${verb} which server?`, `Write labctl ${verb} SERVER: a name, an ID or a MAC.`);
  }
  const slash = first.indexOf('/');
  const [type, ref] = slash >= 0 ? [first.slice(0, slash), first.slice(slash + 1)] : [first, second];
  if (rest.length > 0 || (slash >= 0 && second !== undefined)) {
    throw usageError(`${verb} takes one server, not ${args.length}`);
  }
  if (ref === undefined && first !== '') return first;
  if (kindNamed(type, kinds)?.singular === 'server' && ref !== undefined && ref !== '' && !ref.includes('/'))
    return ref;
  throw usageError(
    `"${args.join(' ')}" is not a server`,
    `Write labctl ${verb} SERVER: a name, an ID or a MAC.`,
  );
}
