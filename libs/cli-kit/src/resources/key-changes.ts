import { usageError } from '../cli-error.js';

/** What `k=v` and `k-` arguments ask for: null takes the key away. */
export type KeyChanges = Readonly<Record<string, string | null>>;

/** Reads the arguments of label and annotate that follow the resource. Raises a usage error. */
export function parseKeyChanges(args: readonly string[], verb: string): KeyChanges {
  const changes = new Map<string, string | null>();
  for (const arg of args) {
    const equals = arg.indexOf('=');
    const [key, value] =
      equals > 0
        ? [arg.slice(0, equals), arg.slice(equals + 1)]
        : [arg.endsWith('-') ? arg.slice(0, -1) : '', null];
    if (key === '')
      throw usageError(
        `"${arg}" is neither KEY=VALUE nor KEY-`,
        `Write labctl ${verb} TYPE/NAME rack=a1 old-`,
      );
    if (changes.has(key)) throw usageError(`the key "${key}" is given twice`);
    changes.set(key, value);
  }
  if (changes.size === 0)
    throw usageError(
      `${verb} with what?`,
      `Write labctl ${verb} TYPE/NAME KEY=VALUE, or KEY- to take it away.`,
    );
  return Object.fromEntries(changes);
}

/** Whether an argument of label or annotate is a change rather than a resource: no name ends with a dash. */
export const isKeyChange = (arg: string): boolean => arg.includes('=') || arg.endsWith('-');
